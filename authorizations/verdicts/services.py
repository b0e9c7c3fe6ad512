"""What is charged, as the policies of payers are asked about it."""

from __future__ import annotations

from dataclasses import replace

from authorizations.models import Charge, Course
from coding.amounts import component_of
from payers.models.scopes import facility_type_of
from payers.policies.scope import GLOBAL, Service


def service_of_charge(course: Course, charge: Charge) -> Service:
    """The service of a charge: its line, its place, and the course it belongs to."""
    component = component_of(charge.modifiers) or GLOBAL
    service = course.service_at(charge.facility, charge.code, component)
    return replace(service, facility_type=facility_type_of(charge.place_of_service))

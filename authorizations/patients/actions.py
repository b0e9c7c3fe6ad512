"""What is added about a patient: another coverage, a person to call."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from authorizations.courses.registration import may_register_for
from authorizations.exceptions import Refused
from authorizations.models import Coverage, CoverageEvent, CoverageVerb, Patient, PatientContact
from authorizations.verdicts.judge_course import judge_course


def refuse_who_registers_elsewhere(patient: Patient, by: User) -> None:
    if not may_register_for(patient, by):
        raise Refused("Only who registers at a facility that treats the patient adds this.")


@transaction.atomic
def add_coverage(*, patient: Patient, values: dict[str, Any], by: User) -> Coverage:
    """Another plan pays, first, second or third; all courses of the patient are judged again.

    Raises Refused for who may not, and where another coverage of that rank has these dates.
    """
    refuse_who_registers_elsewhere(patient, by)
    added = Coverage(patient=patient, **values)
    save_whole(added)
    CoverageEvent.objects.create(
        coverage=added,
        verb=CoverageVerb.ADDED,
        changed_from=added.effective_from,
        reason=f"Added as {added.get_rank_display().lower()}",
        by=by,
    )
    for course in patient.courses.select_related("facility").order_by("pk"):
        judge_course(course, by=by, cause="A coverage was added.")
    return added


@transaction.atomic
def add_person(*, patient: Patient, values: dict[str, Any], by: User) -> PatientContact:
    """Somebody to phone about the patient. Raises Refused for who may not and what cannot be."""
    refuse_who_registers_elsewhere(patient, by)
    added = PatientContact(patient=patient, **values)
    save_whole(added)
    return added


def save_whole(row: Any) -> None:
    """Save a new row. Raises Refused with what the row or the database does not allow."""
    try:
        row.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    row.save(force_insert=True)

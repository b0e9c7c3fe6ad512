"""A busy department and the links of its dashboard."""

from __future__ import annotations

import pytest

from tests import factories as make


@pytest.fixture
def busy(course, authorize, treat, plan):
    """A course short of units with sessions beyond them, and a pended request elsewhere."""
    authorize(course, units=2)
    treat(course, 4)
    other = make.CourseFactory(facility=course.facility)
    make.CoverageFactory(patient=other.patient, plan=plan)
    make.PriorAuthorizationFactory(
        course=other, plan=plan, facility=course.facility, status="pended", who_acts="us"
    )
    return course


def opened(client, href: str) -> int:
    return client.get(href).context["table"].paginator.count

"""A critical access hospital bills the physicians' part by method II: for Medicare, from a day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from authorizations.models import Charge
from coding.rules.serialize import facts_from_json

pytestmark = pytest.mark.django_db


def claim_types(course) -> list[str]:
    rows = Charge.objects.live().filter(session__course=course).order_by("date_of_service")
    return [facts_from_json(c.reviews.order_by("pk").last().facts).line.claim_type for c in rows]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("medicare_ffs", ["837P", "85X", "85X"]),
        ("commercial_fully_insured", ["837P", "837P", "837P"]),
    ],
)
def test_the_claim_of_a_critical_access_hospital(course, plan, treat, line, expected):
    plan.line_of_business = line
    plan.save()
    treat(course, 1)
    first, facility = course.sessions.get(), course.facility
    facility.method_ii_from = first.date_of_service + timedelta(days=1)
    facility.save()
    treat(course, 2)
    assert claim_types(course) == expected
    assert not any("R16" in c.leading_rule for c in Charge.objects.live())

"""Image review: the physician's own courses first, tolerances marked, the trend beside them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import ProviderRole
from authorizations.treatments.shift_trends import shift_trends
from tests import factories as make

pytestmark = pytest.mark.django_db
AP = ("1.0", "-1.2", "1.4", "1.9", "2.6", "3.8")


def imaged(course, *shifts: str) -> list:
    """Sessions with these front–back shifts, a day apart."""
    return [
        make.GuidanceSessionFactory(
            course=course,
            fraction=number,
            started_at=datetime(2026, 11, 2, 15, tzinfo=UTC) + timedelta(days=number),
            shift_lr_mm=Decimal("0.1"),
            shift_si_mm=Decimal("-0.2"),
            shift_ap_mm=Decimal(shift),
        )
        for number, shift in enumerate(shifts, 1)
    ]


def test_a_shift_beyond_the_ordered_tolerance_is_marked_and_its_trend_told():
    sessions = imaged(make.CourseFactory(shift_tolerance_mm=Decimal("3.0")), *AP)
    trends = shift_trends(sessions)
    last = trends[sessions[-1].pk]
    assert [(shift.axis, shift.is_over) for shift in last.shifts] == [
        ("LR", False),
        ("SI", False),
        ("AP", True),
    ]
    assert last.caption == "AP 3.8 of 3 mm, rising; before 2.6, 1.9, 1.4"
    assert not trends[sessions[-2].pk].is_over
    assert trends[sessions[1].pk].caption == "AP -1.2 of 3 mm; before 1.0"
    assert trends[sessions[0].pk].caption == "AP 1.0 of 3 mm; the first"


def test_without_an_ordered_tolerance_nothing_is_marked():
    sessions = imaged(make.CourseFactory(), *AP)
    last = shift_trends(sessions)[sessions[-1].pk]
    assert not last.is_over
    assert last.band_height == 0
    assert last.caption.startswith("AP 3.8 mm, rising")


def test_a_session_without_shifts_has_no_trend():
    session = make.GuidanceSessionFactory(shift_ap_mm=None)
    assert shift_trends([session]) == {}


def test_my_courses_come_first_and_apart(physician, oncologist, course):
    other = make.ProviderFactory(role=ProviderRole.RADIATION_ONCOLOGIST, name="Colleague")
    theirs = make.CourseFactory(facility=course.facility, physician=other)
    mine_too = make.CourseFactory(facility=course.facility, physician=oncologist)
    [early] = imaged(theirs, "1.0")
    [mine] = imaged(mine_too, "4.0")
    page = physician.get(reverse("image_review_list"))
    groups = [(heading, [row.session for row in rows]) for heading, rows in page.context["groups"]]
    assert groups == [("Of my courses", [mine]), ("Of colleagues", [early])]
    assert page.content.decode().count("data-tick-all") == 2

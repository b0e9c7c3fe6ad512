"""An authorization in codes of before 2026: what to amend, by payer and date of service."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from authorizations.courses.recoding import recoding
from authorizations.models import PriorAuthorization
from payers.models import Plan
from tests import factories as make

pytestmark = pytest.mark.django_db
BEFORE, AFTER = date(2025, 12, 31), date(2026, 1, 5)


@pytest.fixture
def old(published_books, facility) -> PriorAuthorization:
    """UnitedHealthcare, approved on 2025-12-15 with 77385 and 77014."""
    course = make.CourseFactory(facility=facility, delivery_code="77385")
    plan = Plan.objects.get(code="STD-UHC-CFI")
    make.CoverageFactory(patient=course.patient, plan=plan)
    request = make.PriorAuthorizationFactory(course=course, plan=plan, facility=facility)
    for code in ("77385", "77014"):
        make.AuthorizedServiceFactory(
            authorization=request, code=code, modifier="", units_requested=30
        )
    return request


def test_the_old_codes_still_serve_the_last_day_of_2025(old):
    assert recoding(old, BEFORE) is None


def test_a_payer_that_recodes_is_asked_to_confirm(old):
    found = recoding(old, AFTER)
    assert "have it confirmed on this number" in found.sentence
    assert "ACRO" in found.source
    assert {a.old: a.new for a in found.amendments} == {"77385": "77407", "77014": "77387-26"}
    assert all(a.last_day == BEFORE for a in found.amendments)


def test_another_payer_is_asked_for_a_revision(old):
    old.plan = Plan.objects.get(code="STD-CIG-CFI")
    old.save()
    found = recoding(old, AFTER)
    assert "Ask for a revision" in found.sentence
    assert "general rule" in found.source


def test_active_motion_management_makes_it_level_three(old):
    old.course.has_motion_management = True
    old.course.save()
    assert "77412" in {a.new for a in recoding(old, AFTER).amendments}


def test_the_page_leads_to_a_revision_in_the_new_codes(old, front_desk):
    page = front_desk.get(reverse("authorization_detail", args=[old.pk])).content.decode()
    assert "Written in codes that are no longer valid" in page
    page = front_desk.get(reverse("authorization_recode", args=[old.pk])).content.decode()
    assert "77387-26" in page
    form = front_desk.get(reverse("authorization_new", args=[old.course.pk]), {"recode": old.pk})
    lines = [line.initial.get("code") for line in form.context["lines"]]
    assert lines[:2] == ["77385", "77014"] or lines[:2] == ["77407", "77387"]
    assert form.context["form"]["request_type"].value() == "revision"

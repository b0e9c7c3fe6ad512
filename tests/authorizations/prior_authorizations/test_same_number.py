"""An extension may come under the number of what it follows; nothing else shares a number."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from authorizations.models import PriorAuthorization
from authorizations.prior_authorizations.decision_forms import Decision
from tests import factories as make

pytestmark = pytest.mark.django_db


def another(approved, **more) -> PriorAuthorization:
    return make.PriorAuthorizationFactory.build(
        course=approved.course, plan=approved.plan, facility=approved.facility,
        created_by=approved.created_by, number=approved.number, **more,
    )  # fmt: skip


def number_errors(request, number: str) -> list[str]:
    form = Decision({"number": number, "decided_on": date(2026, 10, 5)}, authorization=request)
    return list(form.errors.get("number", []))


def test_an_extension_keeps_the_number_of_what_it_follows(approved):
    extension = another(approved, supersedes=approved, request_type="extension")
    extension.save()
    assert number_errors(extension, approved.number) == []
    assert number_errors(approved, approved.number) == []


def test_a_request_that_follows_nothing_has_a_number_of_its_own(approved):
    with pytest.raises(IntegrityError), transaction.atomic():
        another(approved).save()
    waiting = make.PriorAuthorizationFactory(
        course=approved.course, plan=approved.plan, facility=approved.facility
    )
    assert (
        "Another request of this plan has this number" in number_errors(waiting, approved.number)[0]
    )


def test_no_other_course_has_the_number_whatever_it_follows(approved, facility):
    other = another(approved, supersedes=approved, request_type="extension")
    other.course = make.CourseFactory(facility=facility)
    with pytest.raises(IntegrityError, match="authorization_number_of_one_course"):
        other.save()

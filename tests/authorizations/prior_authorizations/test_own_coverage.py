"""Who says which plan pays does not release what that plan lets go."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.separation import DUTY
from authorizations.models import Charge
from authorizations.prior_authorizations.coverage_changes import change_coverage
from tests import factories as make

pytestmark = pytest.mark.django_db
OWN = DUTY["release-own-coverage"].sentence


@pytest.fixture
def freed(course, treat, manager) -> Charge:
    """A charge that no authorization covers, until a manager enters a plan that asks for none."""
    charge = treat(course, 2)[0].charges.get()
    assert charge.status == "held"
    free = make.PlanFactory(code="FREE", line_of_business="commercial_fully_insured")
    make.AuthorizationPolicyFactory(plan=free, requirement="not_required")
    make.CodingPolicyFactory(plan=free)
    change_coverage(
        patient=course.patient,
        plan=free,
        member_id="1EG4TE5MK73",
        starts_on=charge.date_of_service,
        reason="Another card",
        by=manager.user,
    )
    charge.refresh_from_db()
    assert charge.status == "ready"
    return charge


def release(client, charge) -> str:
    answer = client.post(reverse("charge_move", args=[charge.pk, "release"]), {}, follow=True)
    return answer.content.decode()


def test_a_manager_alone_frees_no_charge_by_another_plan(freed, manager, client_of):
    assert OWN in release(manager, freed)
    assert Charge.objects.get(pk=freed.pk).status == "ready"
    second = client_of("coder")
    release(second, freed)
    assert Charge.objects.get(pk=freed.pk).released_by == second.user


def test_a_change_of_other_days_or_patients_keeps_nobody_from_releasing(freed, client_of):
    coder = client_of("coder")
    paying = freed.session.course.patient.coverages.get(effective_through=None)
    before = freed.session.course.patient.coverages.exclude(pk=paying.pk).get()
    make.CoverageEventFactory(coverage=before, by=coder.user)
    make.CoverageEventFactory(by=coder.user)
    later = freed.date_of_service + timedelta(days=1)
    make.CoverageEventFactory(
        coverage=paying, verb="ended", changed_from=max(later, date(2026, 1, 1)), by=coder.user
    )
    assert OWN not in release(coder, freed)
    assert Charge.objects.get(pk=freed.pk).released_by == coder.user

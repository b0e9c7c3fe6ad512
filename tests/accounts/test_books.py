"""The admin keeps the books: who opens it, what may still change, and what it never shows."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import Membership, Role, User
from payers.models import CodingPolicy
from tests import factories as make
from tests.support.books import CASES, pages

pytestmark = pytest.mark.django_db


def test_every_book_opens_for_the_administrator_and_for_nobody_else(client_of):
    keeper, coder = client_of(Role.ADMINISTRATOR), client_of(Role.CODER)
    made_by_command = ("machinechannel",)  # its credential is shown once, at the terminal
    books = [m for m in admin.site._registry if m._meta.model_name not in CASES]
    assert len(books) > 15
    for model in books:
        address = reverse(f"{pages(model)}_changelist")
        assert keeper.get(address).status_code == 200, model
        may_add = model._meta.model_name not in made_by_command
        added = keeper.get(reverse(f"{pages(model)}_add")).status_code
        assert added == (200 if may_add else 403), model
        assert coder.get(address).status_code == 302, model


def test_cases_are_closed_to_an_administrator_without_a_role_for_them(client_of, course, person):
    keeper = client_of(Role.ADMINISTRATOR)
    address = reverse("admin:authorizations_course_changelist")
    assert keeper.get(address).status_code == 403
    make.MembershipFactory(user=keeper.user, role=Role.AUDITOR, facility=course.facility)
    assert course.code in keeper.get(address).content.decode()
    change = reverse("admin:authorizations_course_change", args=[course.pk])
    assert keeper.post(change, {"body_site": "elsewhere"}).status_code == 403


def test_a_policy_ends_and_is_never_rewritten(administrator):
    policy = make.CodingPolicyFactory()
    address = reverse("admin:payers_codingpolicy_change", args=[policy.pk])
    administrator.post(
        address,
        {
            "value": "rejected",
            "effective_from": "2020-01-01",
            "effective_through": "2026-12-31",
            "note": "ended",
            "source": policy.source,
            "verified_on": "2026-11-23",
            "confidence": "A",
            "source_url": "",
        },
    )
    policy.refresh_from_db()
    assert policy.effective_through == date(2026, 12, 31)
    assert (policy.value, policy.effective_from) != ("rejected", date(2020, 1, 1))
    page = administrator.get(reverse("admin:payers_codingpolicy_history", args=[policy.pk]))
    assert "effective through: empty → 2026-12-31" in page.content.decode()
    assert str(administrator.user) in page.content.decode()


def new_policy(payer, **changes):
    return {
        "payer": payer.pk,
        "line_of_business": "",
        "plan": "",
        "topic": "modifier_26",
        "value": "required",
        "note": "",
        "effective_from": "2026-01-01",
        "effective_through": "",
        "source": "A letter",
        "source_url": "",
        "verified_on": "2026-11-23",
        "confidence": "B",
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"source": ""}, "This field is required"),
        ({"value": "maybe"}, "This value does not answer this topic"),
        ({"effective_through": "2025-01-01"}, "before"),
        ({"effective_from": ""}, "This field is required"),
    ],
)
def test_a_bad_policy_is_refused_in_words(administrator, changes, said):
    payer = make.PayerFactory()
    response = administrator.post(
        reverse("admin:payers_codingpolicy_add"), new_policy(payer, **changes)
    )
    assert said in response.content.decode()
    assert CodingPolicy.objects.count() == 0


def test_two_policies_that_contradict_cannot_both_be_saved(administrator):
    payer = make.PayerFactory()
    address = reverse("admin:payers_codingpolicy_add")
    assert administrator.post(address, new_policy(payer)).status_code == 302
    again = administrator.post(address, new_policy(payer, value="rejected"))
    assert "Another policy already answers this" in again.content.decode()
    assert CodingPolicy.objects.count() == 1


def test_a_wrong_npi_is_said_at_its_field(administrator):
    response = administrator.post(
        reverse("admin:accounts_provider_add"),
        {"name": "Dr X", "npi": "1234567890", "role": "radiation_oncologist", "is_active": "on"},
    )
    assert "check digit" in response.content.decode()


def test_a_person_is_added_with_a_role(administrator, facility):
    response = administrator.post(
        reverse("admin:accounts_user_add"),
        {
            "username": "newcoder",
            "first_name": "New",
            "last_name": "Coder",
            "usable_password": "true",
            "password1": "a long enough phrase",
            "password2": "a long enough phrase",
            "memberships-TOTAL_FORMS": "1",
            "memberships-INITIAL_FORMS": "0",
            "memberships-0-role": "coder",
            "memberships-0-facility": facility.pk,
        },
    )
    assert response.status_code == 302, response.content.decode()[:3000]
    user = User.objects.get(username="newcoder")
    assert Membership.objects.filter(user=user, role="coder", facility=facility).exists()


def test_nothing_is_ever_deleted_in_the_admin(administrator):
    policy = make.CodingPolicyFactory()
    address = reverse("admin:payers_codingpolicy_delete", args=[policy.pk])
    assert administrator.post(address, {"post": "yes"}).status_code == 403


def test_a_stranger_at_the_admin_is_sent_to_the_one_door(client):
    response = client.get(reverse("admin:index"), follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("login"))


def test_the_history_says_whether_nothing_changed_or_nothing_is_kept(administrator):
    def said(row) -> str:
        page = administrator.get(reverse(f"{pages(row)}_history", args=[row.pk]))
        return page.content.decode()

    assert "No history is kept of this list." in said(make.DiagnosisCodeFactory())
    assert "No history is kept" not in said(make.CodingPolicyFactory())


def test_the_admin_writes_days_as_the_app_does(administrator):
    make.CodingPolicyFactory(effective_from=date(2015, 1, 1), verified_on=date(2026, 11, 23))
    page = administrator.get(reverse("admin:payers_codingpolicy_changelist")).content.decode()
    assert "1 Jan 2015" in page
    assert "23 Nov 2026" in page


def test_an_end_before_the_beginning_is_refused_in_words_in_every_dated_book(administrator):
    rate = make.ContractRateFactory()
    page = reverse("admin:payers_contractrate_change", args=[rate.pk])
    typed = {
        "effective_through": "2001-01-01",
        "source": rate.source,
        "source_url": "",
        "verified_on": str(rate.verified_on),
        "confidence": rate.confidence,
    }
    answer = administrator.post(page, typed)
    assert "before" in answer.content.decode()
    rate.refresh_from_db()
    assert rate.effective_through != date(2001, 1, 1)

"""An administrator keeps the books of the facilities where the role is held, and of no other."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts.access_ends import end_clinician_login, end_role, end_sign_in
from accounts.models import DutySetting, Facility, Membership, ProposedChange, Role, User
from accounts.proposals import ChangeRefused, confirm_change, decline_change, propose_change
from accounts.waiting_changes import administration_context, count_waiting
from tests import factories as make
from tests.support.administrators import ADMIN, person_form, with_role

pytestmark = pytest.mark.django_db
ELSEWHERE = "An administrator who keeps the books of OTHER does this."


@pytest.fixture
def here(person) -> User:
    """An administrator of the facility, who is a clerk of the other one besides."""
    return person(Role.ADMINISTRATOR)


@pytest.fixture
def there(person, elsewhere) -> User:
    return person(Role.ADMINISTRATOR, elsewhere)


@pytest.fixture
def of_all(person) -> User:
    return person(Role.ADMINISTRATOR, None)


@pytest.fixture
def colleague(person, elsewhere) -> User:
    """Somebody who works at the other facility."""
    return person(Role.FRONT_DESK, elsewhere)


@pytest.fixture
def also_clerk(here, elsewhere) -> User:
    make.MembershipFactory(user=here, role=Role.FRONT_DESK, facility=elsewhere)
    return here


def proposals_about(colleague: User, elsewhere: Facility) -> list[dict[str, object]]:
    provider = make.ProviderFactory()
    return [
        {"kind": "role", "person": colleague, "role": Role.MANAGER, "facility": elsewhere},
        {"kind": "role", "person": colleague, "role": Role.MANAGER, "facility": None},
        {"kind": "person", "person": colleague},
        {"kind": "password_reset", "person": colleague},
        {"kind": "clinician_login", "person": colleague, "provider": provider},
    ]


def test_an_administrator_of_one_facility_proposes_nothing_at_another(
    also_clerk, there, colleague, elsewhere
):
    for what in proposals_about(colleague, elsewhere):
        with pytest.raises(ChangeRefused, match=r"An administrator who keeps the books of .*OTHER"):
            propose_change(by=also_clerk, **what)
    assert not ProposedChange.objects.exists()


def test_nor_confirms_or_declines_what_others_proposed_there(
    also_clerk, there, of_all, colleague, elsewhere
):
    change = propose_change(
        by=there, kind="role", person=colleague, role=Role.MANAGER, facility=elsewhere
    )
    with pytest.raises(ChangeRefused, match=ELSEWHERE):
        confirm_change(change=change, by=also_clerk)
    with pytest.raises(ChangeRefused, match=ELSEWHERE):
        decline_change(change=change, by=also_clerk, reason="No")
    assert confirm_change(change=change, by=of_all).confirmed_by == of_all


def test_nor_a_new_person_whose_role_is_there(also_clerk, there, of_all, elsewhere):
    newcomer = make.UserFactory(is_active=False)
    person = propose_change(by=there, kind="person", person=newcomer)
    propose_change(by=there, kind="role", person=newcomer, role=Role.CODER, facility=elsewhere)
    with pytest.raises(ChangeRefused, match=ELSEWHERE):
        confirm_change(change=person, by=also_clerk)
    newcomer.refresh_from_db()
    assert not newcomer.is_active
    assert not newcomer.memberships.exists()


def test_nor_takes_access_away_there(also_clerk, there, colleague):
    role = colleague.memberships.get()
    provider = make.ProviderFactory(user=colleague)
    for action, what in (
        (end_role, {"membership": role}),
        (end_sign_in, {"person": colleague}),
        (end_clinician_login, {"provider": provider}),
    ):
        with pytest.raises(ChangeRefused, match=ELSEWHERE):
            action(by=also_clerk, **what)
    colleague.refresh_from_db()
    assert colleague.is_active
    assert Membership.objects.filter(pk=role.pk).exists()
    provider.refresh_from_db()
    assert provider.user == colleague
    end_role(membership=role, by=there)
    assert not Membership.objects.filter(pk=role.pk).exists()


def test_the_admin_changes_neither_name_nor_mail_of_a_person_elsewhere(
    also_clerk, there, colleague, elsewhere
):
    client = Client()
    client.force_login(also_clerk)
    mail_before = colleague.email
    form = person_form(colleague, email="mine@example.org", username="taken-over")
    client.post(reverse(ADMIN, args=[colleague.pk]), form)
    colleague.refresh_from_db()
    assert colleague.email == mail_before
    assert colleague.username != "taken-over"
    form = person_form(colleague, **with_role("manager", elsewhere))
    client.post(reverse(ADMIN, args=[colleague.pk]), form)
    assert not ProposedChange.objects.exists()


def test_a_role_at_ones_own_facility_is_given_to_anybody(also_clerk, there, colleague, facility):
    change = propose_change(
        by=also_clerk, kind="role", person=colleague, role=Role.CODER, facility=facility
    )
    assert change.is_waiting


def test_rules_of_two_people_and_new_facilities_are_for_who_keeps_all(also_clerk, there, of_all):
    values = {
        "duty": "release-own-session",
        "effective_from": "2026-11-01",
        "effective_through": "",
        "reason": "One coder",
    }
    with pytest.raises(ChangeRefused, match="OTHER"):
        propose_change(by=also_clerk, kind="duty_setting", values=values, subject="x")
    assert propose_change(by=of_all, kind="duty_setting", values=values, subject="x").is_waiting
    assert not DutySetting.objects.exists()
    for person, status in ((also_clerk, 403), (of_all, 200)):
        client = Client()
        client.force_login(person)
        assert client.get(reverse("admin:accounts_facility_add")).status_code == status


def test_the_worklist_shows_what_the_administrator_may_decide(
    also_clerk, there, of_all, colleague, elsewhere
):
    propose_change(by=there, kind="role", person=colleague, role=Role.CODER, facility=elsewhere)
    assert count_waiting(also_clerk) == 0
    assert administration_context(also_clerk)["waiting_changes"] == []
    assert count_waiting(of_all) == 1
    assert len(administration_context(there)["waiting_changes"]) == 1


def facility_form(row: Facility, **changes: object) -> dict[str, object]:
    names = ("code", "name", "place_of_service", "npi", "state", "time_zone")
    given = {name: getattr(row, name) for name in names}
    return {**given, "machines": "T1", "is_active": "on", **changes}


def test_where_a_facility_is_waits_for_a_second_administrator(here, of_all, facility):
    client = Client()
    client.force_login(here)
    before = facility.place_of_service
    asked = "11" if before != "11" else "19"
    page = reverse("admin:accounts_facility_change", args=[facility.pk])
    client.post(page, facility_form(facility, place_of_service=asked, name="A new name"))
    facility.refresh_from_db()
    assert (facility.place_of_service, facility.name) == (before, "A new name")
    change = ProposedChange.objects.get()
    assert f"place of service becomes {asked}" in change.sentence
    confirm_change(change=change, by=of_all)
    facility.refresh_from_db()
    assert facility.place_of_service == asked


def test_a_day_that_is_taken_away_waits_too(here, of_all, facility):
    client, day = Client(), date(2026, 7, 1)
    client.force_login(here)
    facility.method_ii_from = day
    facility.save()
    page = reverse("admin:accounts_facility_change", args=[facility.pk])
    client.post(page, facility_form(facility, method_ii_from=""))
    facility.refresh_from_db()
    assert facility.method_ii_from == day
    confirm_change(change=ProposedChange.objects.get(), by=of_all)
    facility.refresh_from_db()
    assert facility.method_ii_from is None


def test_another_facility_is_not_changed_at_all(also_clerk, there, elsewhere):
    client = Client()
    client.force_login(also_clerk)
    page = reverse("admin:accounts_facility_change", args=[elsewhere.pk])
    client.post(page, facility_form(elsewhere, name="Mine"))
    elsewhere.refresh_from_db()
    assert elsewhere.name != "Mine"


def test_what_a_plan_is_waits_for_a_second_administrator_and_judges_again(
    here, of_all, plan, course, treat
):
    charge = treat(course, 1)[0].charges.get()
    assert charge.status == "held"
    client = Client()
    client.force_login(here)
    form = {
        "code": plan.code,
        "name": "Renamed",
        "payer": plan.payer_id,
        "line_of_business": "medicare_ffs",
        "state": plan.state,
        "is_active": "on",
    }
    before = plan.line_of_business
    client.post(reverse("admin:payers_plan_change", args=[plan.pk]), form)
    plan.refresh_from_db()
    assert (plan.line_of_business, plan.name) == (before, "Renamed")
    change = ProposedChange.objects.get()
    assert "line of business becomes" in change.sentence
    with pytest.raises(ChangeRefused, match="another administrator"):
        confirm_change(change=change, by=here)
    reviews = charge.reviews.count()
    confirm_change(change=change, by=of_all)
    plan.refresh_from_db()
    assert plan.line_of_business == "medicare_ffs"
    assert charge.reviews.count() > reviews

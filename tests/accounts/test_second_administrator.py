"""What gives access needs two administrators; until the second confirms, it gives nothing."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, ProposedChange, Role, User
from accounts.proposals import ChangeRefused, confirm_change, propose_change
from tests import factories as make
from tests.support.administrators import (
    ADMIN,
    add_newcomer,
    person_form,
    press,
    sets_password,
    with_role,
)

pytestmark = pytest.mark.django_db


def test_a_new_person_cannot_sign_in_and_has_no_role_until_another_confirms(
    administrator, second, facility
):
    person = add_newcomer(administrator, facility)
    assert not person.is_active
    assert not person.has_usable_password()
    assert not person.memberships.exists()
    change = ProposedChange.objects.get(kind="person")
    press(administrator, "confirm", change)
    person.refresh_from_db()
    assert not person.is_active
    page = press(second, "confirm", change).content.decode()
    person.refresh_from_db()
    assert person.is_active
    assert [m.role for m in person.memberships.all()] == ["coder"]
    link = re.search(r"<code>http://testserver([^<]+)</code>", page)[1]
    assert sets_password(link, "a long enough phrase")
    assert Client().login(username="newcoder", password="a long enough phrase")
    assert not sets_password(link, "another long phrase here")


def test_a_role_gives_nothing_until_another_confirms(
    administrator, second, person, facility, django_capture_on_commit_callbacks
):
    clerk = person(Role.FRONT_DESK)
    clerk.email = "clerk@example.org"
    clerk.save()
    form = person_form(clerk, **with_role("manager", facility))
    administrator.post(reverse(ADMIN, args=[clerk.pk]), form)
    assert {m.role for m in clerk.memberships.all()} == {"front_desk"}
    with django_capture_on_commit_callbacks(execute=True):
        press(second, "confirm", ProposedChange.objects.get())
    assert {m.role for m in clerk.memberships.all()} == {"front_desk", "manager"}
    assert any("Manager" in m.body and m.to == ["clerk@example.org"] for m in mail.outbox)


def test_nobody_changes_their_own_roles(administrator, second, facility):
    me = administrator.user
    mine = me.memberships.get()
    form = person_form(
        me,
        **with_role("auditor", facility),
        **{
            "memberships-INITIAL_FORMS": "1",
            "memberships-0-id": mine.pk,
            "memberships-0-DELETE": "on",
        },
    )
    administrator.post(reverse(ADMIN, args=[me.pk]), form)
    assert [m.role for m in me.memberships.all()] == ["administrator"]
    with pytest.raises(ChangeRefused, match="another administrator"):
        propose_change(kind="role", by=me, person=me, role="auditor", facility=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.ProposedChangeFactory(person=me, proposed_by=me)
    assert not ProposedChange.objects.exists()


def test_nobody_confirms_what_concerns_themselves(administrator, second):
    change = make.ProposedChangeFactory(proposed_by=administrator.user, person=second.user)
    page = press(second, "confirm", change).content.decode()
    assert "another administrator has to confirm it" in page
    assert not Membership.objects.filter(user=second.user, role="coder").exists()


@pytest.mark.parametrize("who", ["proposer", "person"])
def test_the_database_refuses_a_confirmation_by_either(who, administrator):
    change = make.ProposedChangeFactory()
    by = change.proposed_by if who == "proposer" else change.person
    with pytest.raises(IntegrityError), transaction.atomic():
        ProposedChange.objects.filter(pk=change.pk).update(
            confirmed_by=by, confirmed_at=timezone.now()
        )


def test_what_is_decided_stays(administrator, second):
    change = make.ProposedChangeFactory(proposed_by=administrator.user)
    press(second, "decline", change, reason="Nobody of this name works here.")
    with pytest.raises(DatabaseError), transaction.atomic():
        ProposedChange.objects.filter(pk=change.pk).update(decline_reason="")
    with pytest.raises(DatabaseError), transaction.atomic():
        ProposedChange.objects.filter(pk=change.pk).delete()
    assert "has already declined this" in press(second, "confirm", change).content.decode()
    assert not change.person.memberships.exists()


def test_a_person_with_roles_taken_away_loses_them_at_once(administrator, second, person):
    clerk = person(Role.FRONT_DESK)
    role = clerk.memberships.get()
    form = person_form(
        clerk,
        **{
            "memberships-TOTAL_FORMS": "1",
            "memberships-INITIAL_FORMS": "1",
            "memberships-0-id": role.pk,
            "memberships-0-user": clerk.pk,
            "memberships-0-DELETE": "on",
        },
    )
    administrator.post(reverse(ADMIN, args=[clerk.pk]), form)
    assert not clerk.memberships.exists()
    page = administrator.get(reverse("admin:accounts_user_history", args=[clerk.pk]))
    assert "Role taken away: Front desk" in page.content.decode()


def test_switching_a_login_off_is_at_once_and_on_again_by_two(administrator, second, person):
    clerk = person(Role.FRONT_DESK)
    administrator.post(reverse(ADMIN, args=[clerk.pk]), person_form(clerk, is_active=""))
    clerk.refresh_from_db()
    assert not clerk.is_active
    administrator.post(reverse(ADMIN, args=[clerk.pk]), person_form(clerk, is_active="on"))
    clerk.refresh_from_db()
    assert not clerk.is_active
    press(second, "confirm", ProposedChange.objects.get())
    clerk.refresh_from_db()
    assert clerk.is_active


def test_nobody_sets_anothers_password(administrator, second, person, settings):
    clerk = person(Role.FRONT_DESK)
    assert administrator.get(f"/admin/accounts/user/{clerk.pk}/password/").status_code != 200
    before = clerk.password
    administrator.post(reverse("admin:accounts_user_password_link", args=[clerk.pk]))
    change = ProposedChange.objects.get(kind="password_reset")
    assert "link" not in press(administrator, "confirm", change).content.decode().split("<main")[
        1
    ].replace("one-time link", "")
    page = press(second, "confirm", change).content.decode()
    clerk.refresh_from_db()
    assert clerk.password == before
    assert sets_password(
        re.search(r"<code>http://testserver([^<]+)</code>", page)[1], "a phrase of my own"
    )
    history = administrator.get(reverse("admin:accounts_user_history", args=[clerk.pk]))
    words = history.content.decode()
    assert "password changed" in words
    assert "Confirmed: gets a one-time link" in words
    assert before not in words


def test_a_link_is_mailed_to_the_person_and_not_shown(administrator, second, person, settings):
    settings.EMAIL_HOST, settings.PUBLIC_URL = "mail.example.org", "https://ledger.example.org"
    clerk = person(Role.FRONT_DESK)
    clerk.email = "clerk@example.org"
    clerk.save()
    administrator.post(reverse("admin:accounts_user_password_link", args=[clerk.pk]))
    page = press(second, "confirm", ProposedChange.objects.get()).content.decode()
    assert "/accounts/password/" not in page.split("<main")[1]
    (sent,) = [m for m in mail.outbox if "/accounts/password/" in m.body]
    assert sent.to == ["clerk@example.org"]


def test_a_login_is_no_physicians_until_another_confirms(administrator, second, person):
    login, provider = person(Role.PHYSICIAN), make.ProviderFactory()
    page = reverse("admin:accounts_provider_change", args=[provider.pk])
    form = {"name": provider.name, "npi": provider.npi, "role": provider.role, "is_active": "on"}
    administrator.post(page, {**form, "user": login.pk})
    provider.refresh_from_db()
    assert provider.user is None
    press(second, "confirm", ProposedChange.objects.get())
    provider.refresh_from_db()
    assert provider.user == login
    shown = administrator.get(reverse(ADMIN, args=[login.pk])).content.decode()
    assert provider.name in shown
    administrator.post(page, {**form, "name": "Somebody Else", "user": login.pk})
    provider.refresh_from_db()
    assert provider.name != "Somebody Else"
    administrator.post(page, {**form, "user": ""})
    provider.refresh_from_db()
    assert provider.user is None


def test_the_first_administrator_works_alone_and_the_second_looks_it_through(
    administrator, client_of, facility
):
    person = add_newcomer(administrator, facility)
    assert person.is_active
    assert person.memberships.get().role == "coder"
    assert set(ProposedChange.objects.values_list("took_effect_alone", flat=True)) == {True}
    second = client_of(Role.ADMINISTRATOR)
    page = second.get(reverse("home")).content.decode()
    assert "Done by one administrator alone, to be looked through: 2" in page
    for change in ProposedChange.objects.all():
        press(second, "seen", change)
    assert "to be looked through" not in second.get(reverse("home")).content.decode()


def test_who_ends_the_second_administrator_does_not_work_alone_again(
    administrator, second, facility
):
    page = reverse(ADMIN, args=[second.user.pk])
    administrator.post(page, person_form(second.user, is_active=""))
    Membership.objects.filter(user=second.user).delete()
    assert not add_newcomer(administrator, facility).is_active


def test_a_new_administrator_needs_a_confirmed_one(administrator, second, facility):
    make.UserFactory(username="puppet")
    puppet = User.objects.get(username="puppet")
    change = propose_change(
        kind="role", by=administrator.user, person=puppet, role="administrator", facility=None
    )
    with pytest.raises(Exception, match="keep codes"):
        confirm_change(change=change, by=puppet)

"""The second administrator finds what waits, is told by mail, and some rules may be off."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import DutySetting, ProposedChange, Role
from authorizations.notifications.digests import daily
from tests import factories as make
from tests.support.administrators import (
    ADMIN,
    add_newcomer,
    person_form,
    press,
    sets_password,
)

pytestmark = pytest.mark.django_db


def test_home_the_bar_and_the_books_say_how_much_waits(administrator, second):
    make.ProposedChangeFactory(proposed_by=administrator.user)
    make.CodingPolicyFactory(is_published=False, proposed_by=administrator.user)
    home = second.get(reverse("home")).content.decode()
    assert "Waiting for a second administrator: 2" in home
    assert '<span class="place-count">2</span>' in home
    assert "second administrator: 2" in second.get(reverse("admin:index")).content.decode()
    assert '<span class="place-count">' not in administrator.get(reverse("home")).content.decode()


def test_a_rule_of_two_is_switched_off_by_two_with_a_reason(administrator, second, facility):
    form = {
        "duty": "confirm-own-person",
        "effective_from": "2020-01-01",
        "effective_through": "",
        "reason": "The other administrator is on leave.",
    }
    add = reverse("admin:accounts_dutysetting_add")
    administrator.post(add, {**form, "duty": "change-own-roles"})
    administrator.post(add, {**form, "reason": ""})
    assert not ProposedChange.objects.exists()
    administrator.post(add, form)
    assert not DutySetting.objects.exists()
    press(second, "confirm", ProposedChange.objects.get())
    assert DutySetting.objects.get().by == administrator.user
    assert "on leave" in second.get(reverse("home")).content.decode()
    assert add_newcomer(administrator, facility).is_active


def test_a_rule_that_is_off_is_ended_sooner_by_one_and_made_longer_by_two(administrator, second):
    setting = make.DutySettingFactory(duty="confirm-own-person")
    page = reverse("admin:accounts_dutysetting_change", args=[setting.pk])
    administrator.post(page, {"effective_through": "2026-12-31"})
    setting.refresh_from_db()
    assert str(setting.effective_through) == "2026-12-31"
    refused = administrator.post(page, {"effective_through": "2027-12-31"})
    assert "For longer, add a row" in refused.content.decode()
    setting.refresh_from_db()
    assert str(setting.effective_through) == "2026-12-31"


def test_the_mail_of_the_morning_counts_without_names(administrator, second, settings):
    settings.PUBLIC_URL = "https://ledger.example.org"
    change = make.ProposedChangeFactory(proposed_by=administrator.user)
    monday = datetime(2026, 11, 23, 13, tzinfo=UTC)
    text = daily(second.user, monday).body
    assert "1  Waiting for a second administrator" in text
    assert reverse("proposed_change_list") in text
    assert change.person.username not in text
    assert daily(administrator.user, monday) is None


def test_the_second_administrator_is_told_when_something_is_proposed(
    administrator, second, facility, django_capture_on_commit_callbacks
):
    second.user.email = "second@example.org"
    second.user.save()
    with django_capture_on_commit_callbacks(execute=True):
        add_newcomer(administrator, facility)
    assert {m.to[0] for m in mail.outbox} == {"second@example.org"}
    assert any("can sign in" in m.body for m in mail.outbox)


def test_a_mail_server_in_trouble_undoes_nothing(
    administrator, second, facility, monkeypatch, django_capture_on_commit_callbacks
):
    second.user.email = "second@example.org"
    second.user.save()

    def no_server(self) -> None:
        raise OSError("no route")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", no_server)
    with django_capture_on_commit_callbacks(execute=True):
        add_newcomer(administrator, facility)
    assert ProposedChange.objects.waiting().count() == 2


def test_declining_asks_for_a_reason(administrator, second):
    change = make.ProposedChangeFactory(proposed_by=administrator.user)
    assert "Say why" in press(second, "decline", change, reason=" ").content.decode()
    page = press(second, "decline", change, reason="Nobody of this name works here.")
    assert f"declined by {second.user}" in page.content.decode()
    history = second.get(reverse("admin:accounts_user_history", args=[change.person_id]))
    assert "Nobody of this name works here." in history.content.decode()


def test_the_same_is_not_proposed_twice(administrator, second, person):
    clerk = person(Role.FRONT_DESK)
    page = reverse("admin:accounts_user_password_link", args=[clerk.pk])
    administrator.post(page)
    administrator.post(page)
    assert ProposedChange.objects.count() == 1


def test_ones_own_login_is_not_switched_off_by_oneself(administrator):
    page = reverse(ADMIN, args=[administrator.user.pk])
    administrator.post(page, person_form(administrator.user, is_active=""))
    administrator.user.refresh_from_db()
    assert administrator.user.is_active


def test_an_administrator_without_a_password_gets_a_link_by_the_server(
    administrator, second, capsys
):
    call_command("password_link", second.user.username)
    assert "An administrator confirms it" in capsys.readouterr().out
    change = ProposedChange.objects.get()
    assert "has to confirm it" in press(second, "confirm", change).content.decode()
    assert "/accounts/password/" in press(administrator, "confirm", change).content.decode()


def test_the_only_administrator_gets_the_link_at_the_server_and_it_is_listed(administrator, capsys):
    call_command("password_link", administrator.user.username)
    link = "/accounts/password/" + capsys.readouterr().out.split("/accounts/password/")[1].strip()
    assert sets_password(link, "a phrase to remember")
    assert ProposedChange.objects.get().took_effect_alone


@pytest.mark.parametrize("command", ["changepassword"])
def test_no_command_sets_anothers_password(command):
    with pytest.raises(CommandError, match="password_link"):
        call_command(command)


def test_an_unknown_login_gets_no_link():
    with pytest.raises(CommandError, match="Nobody signs in as nobody"):
        call_command("password_link", "nobody")

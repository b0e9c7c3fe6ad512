"""The door: who gets in, how guessing is slowed, and when a desk left alone is closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Role, SignInFailure
from accounts.roles import ROLES, Permission, is_permitted_somewhere, roles_of
from accounts.scoping import facilities_of
from accounts.web import middleware
from tests import factories as make
from tests.support.sign_in import sign_in

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_the_right_password_opens_the_home_page(person):
    user = person(Role.CODER)
    response = sign_in(Client(), user.username)
    assert response.status_code == 302
    assert response["Location"] == "/"


def test_too_many_wrong_passwords_make_even_the_right_one_wait(person):
    user = person(Role.CODER)
    client = Client()
    for _ in range(8):
        assert sign_in(client, user.username, "wrong").status_code == 200
    response = sign_in(client, user.username)
    assert response.status_code == 200
    assert "Too many wrong tries" in response.content.decode()


def test_the_pause_ends_by_itself(person):
    user = person(Role.CODER)
    for _ in range(8):
        SignInFailure.objects.create(name=user.username, address="127.0.0.1")
    SignInFailure.objects.update(at=MONDAY - timedelta(minutes=11))
    with time_machine.travel(MONDAY, tick=False):
        assert sign_in(Client(), user.username).status_code == 302


def test_known_and_unknown_names_get_the_same_answer(person):
    user = person(Role.CODER)
    known = sign_in(Client(), user.username, "wrong").context["form"].errors
    unknown = sign_in(Client(), "nobody-here", "wrong").context["form"].errors
    assert known == unknown


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "javascript:alert(1)",
        "25:99",
        "nowhere",
        "/x\0",
        "/charges/99999999999999999999999/nothing/",
    ],
)
def test_no_redirect_leaves_this_host(person, target):
    user = person(Role.CODER)
    assert sign_in(Client(), user.username, next=target)["Location"] == "/"
    theme = Client().post(reverse("theme"), {"theme": "dark", "next": target})
    assert theme["Location"] == "/"


def test_a_desk_left_alone_is_closed_after_fifteen_minutes(person):
    client = Client()
    with time_machine.travel(MONDAY, tick=False) as clock:
        client.force_login(person(Role.CODER))
        assert client.get("/").status_code == 200
        clock.shift(timedelta(minutes=14))
        assert client.get("/").status_code == 200
        clock.shift(timedelta(minutes=16))
        assert client.get("/").status_code == 302


def test_a_busy_desk_is_closed_after_twelve_hours(person):
    client, any_page = Client(), reverse("password_change")
    with time_machine.travel(MONDAY, tick=False) as clock:
        client.force_login(person(Role.CODER))
        client.get(any_page)
        for _ in range(71):
            clock.shift(timedelta(minutes=10))
            assert client.get(any_page).status_code == 200
        clock.shift(timedelta(minutes=11))
        assert client.get(any_page).status_code == 302


def test_what_a_script_polls_does_not_keep_a_desk_open(person, monkeypatch):
    monkeypatch.setattr(middleware, "POLLED_PAGES", frozenset({"home"}))
    client = Client()
    with time_machine.travel(MONDAY, tick=False) as clock:
        client.force_login(person(Role.CODER))
        client.get("/")
        for _ in range(3):
            clock.shift(timedelta(minutes=6))
            last = client.get("/")
        assert last.status_code == 302


@pytest.mark.slow
def test_both_clocks_start_at_sign_in_and_no_header_stops_them(person):
    client, polling = Client(), {"X-Polling": "1"}
    with time_machine.travel(MONDAY, tick=False) as clock:
        sign_in(client, person(Role.CODER).username)
        assert client.session["signed_in_at"] == client.session["last_seen_at"]
        for _ in range(71):
            clock.shift(timedelta(minutes=10))
            assert client.get("/", headers=polling).status_code == 200
        clock.shift(timedelta(minutes=11))
        assert client.get("/", headers=polling).status_code == 302


def test_scope_is_the_persons_facilities(person, facility, elsewhere):
    reads = Permission.READ_CASES
    assert list(facilities_of(person(Role.CODER), reads)) == [facility]
    assert set(facilities_of(person(Role.MANAGER, None), reads)) == {facility, elsewhere}
    gone = person(Role.CODER)
    gone.is_active = False
    assert not facilities_of(gone, reads).exists()


def test_a_role_in_one_facility_is_no_role_in_another(person, elsewhere, facility):
    user = person(Role.CODER)
    assert roles_of(user, facility) == {"coder"}
    assert roles_of(user, elsewhere) == frozenset()


def test_every_role_is_described_and_the_auditor_writes_nothing():
    assert set(ROLES) == set(Role.values)
    assert all(description.endswith(".") for description, _ in ROLES.values())
    auditor = make.UserFactory()
    make.MembershipFactory(user=auditor, role=Role.AUDITOR)
    may = {permission for permission in Permission if is_permitted_somewhere(auditor, permission)}
    assert all(str(permission).startswith("read") for permission in may)


def test_who_keeps_no_books_is_refused_there_and_not_sent_in_circles(coder):
    answer = coder.get("/admin/", follow=True)
    assert answer.status_code == 403
    assert "Your role does not allow this" in answer.content.decode()


def test_a_stranger_to_the_books_signs_in_and_arrives_there(person):
    keeper, client = person(Role.ADMINISTRATOR), Client()
    door = client.get("/admin/", follow=True)
    assert door.redirect_chain[-1][0] == f"{reverse('login')}?next=/admin/"
    assert sign_in(client, keeper.username, next="/admin/")["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("current", "wanted"),
    [
        ("http://testserver/charges/?queue=held", "/charges/?queue=held"),
        ("", ""),
        ("http://[broken", ""),
    ],
)
def test_a_part_of_a_page_asked_for_after_the_logoff_leads_the_whole_page_to_the_door(
    coder, current, wanted
):
    with time_machine.travel(MONDAY) as clock:
        coder.get(reverse("home"))
        clock.shift(timedelta(minutes=16))
        headers = {"HX-Request": "true", "HX-Current-URL": current}
        response = coder.get(reverse("charge_list"), headers=headers)
    sign_in_page = urlsplit(response.headers["HX-Redirect"])
    assert response.status_code == 200
    assert sign_in_page.path == reverse("login")
    assert parse_qs(sign_in_page.query).get("next", [""]) == [wanted]

"""Guessing is slowed down, and makes nobody wait but the one who guesses."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import AccessEvent, Role, SignInFailure
from accounts.sign_in_throttle import MOST_PER_NAME, Visitor, begin_try
from accounts.web.visitors import visitor_address
from tests.support.sign_in import sign_in

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
PROXY, DESK, STRANGER = "10.0.0.7", "192.0.2.10", "203.0.113.66"


def at(address: str) -> Client:
    """A browser at an address, behind the proxy."""
    return Client(REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=address)


def is_in(client: Client, name: str, password: str = "correct horse battery") -> bool:
    return sign_in(client, name, password).status_code == 302


@pytest.fixture
def proxy(settings):
    settings.TRUSTED_PROXIES = [PROXY, "10.1.0.0/16"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "seen"),
    [
        (DESK, None, DESK),
        (DESK, STRANGER, DESK),  # no proxy of ours: what it says counts nothing
        (PROXY, STRANGER, STRANGER),
        (PROXY, f"{DESK}, {STRANGER}", STRANGER),  # the visitor put the first one there
        (PROXY, f"{DESK}, {STRANGER}, 10.1.2.3", STRANGER),  # two proxies, one behind the other
        (PROXY, "nonsense, ²,", PROXY),
        (PROXY, "::ffff:203.0.113.66", STRANGER),
        (PROXY, "fe80::1%eth0", PROXY),
        (PROXY, None, PROXY),
        ("", STRANGER, ""),
    ],
)
def test_the_visitor_is_whom_our_own_proxies_saw(proxy, peer, forwarded, seen):
    more = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded is not None else {}
    assert visitor_address(RequestFactory().get("/", REMOTE_ADDR=peer, **more)) == seen


def test_a_proxy_behind_a_socket_has_no_address(settings):
    settings.TRUSTED_PROXIES = ["unix"]
    request = RequestFactory().get("/", REMOTE_ADDR="", HTTP_X_FORWARDED_FOR=STRANGER)
    assert visitor_address(request) == STRANGER


@pytest.mark.django_db
def test_the_access_log_knows_from_where(proxy, coder):
    coder.get(reverse("charge_list"), REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=f"6.6.6.6, {DESK}")
    assert AccessEvent.objects.latest("pk").address == DESK


@pytest.mark.django_db
def test_wrong_passwords_of_a_stranger_lock_nobody_out(proxy, person):
    name = person(Role.CODER).username
    for _ in range(9):
        assert not is_in(at(STRANGER), name, "wrong")
    assert not is_in(at(STRANGER), name)
    assert is_in(at(DESK), name)
    assert not is_in(at(STRANGER), name), "the owner's sign-in ended the stranger's pause"


@pytest.mark.django_db
def test_a_browser_that_knows_the_name_gets_in_even_beside_the_stranger(person):
    """Without a proxy setting everybody has one address."""
    name, desk = person(Role.CODER).username, Client()
    assert is_in(desk, name)
    desk.post(reverse("logout"))
    for _ in range(9):
        is_in(Client(), name, "wrong")
    assert not is_in(Client(), name)
    assert is_in(desk, name)


@pytest.mark.django_db
def test_a_known_browser_may_not_guess_for_ever(person):
    user, desk = person(Role.CODER), Client()
    assert is_in(desk, user.username)
    desk.post(reverse("logout"))
    for _ in range(8):
        is_in(desk, user.username, "wrong")
    assert not is_in(desk, user.username)


@pytest.mark.django_db
def test_a_new_password_makes_every_browser_new(person):
    user, desk = person(Role.CODER), Client()
    assert is_in(desk, user.username)
    desk.post(reverse("logout"))
    user.set_password("another correct horse")
    user.save()
    for _ in range(9):
        is_in(Client(), user.username, "wrong")
    assert not is_in(desk, user.username, "another correct horse")


@pytest.mark.django_db
def test_an_address_that_failed_often_still_lets_the_right_password_in(person):
    names = [person(Role.CODER).username for _ in range(2)]
    for number in range(41):
        is_in(Client(), f"invented-{number}", "wrong")
    assert is_in(Client(), names[0])
    assert not is_in(Client(), names[1], "wrong")
    assert not is_in(Client(), names[1]), "a second try of a name from there waits"


@pytest.mark.django_db
def test_each_further_wrong_try_makes_the_pause_longer(person):
    name = person(Role.CODER).username
    with time_machine.travel(MONDAY, tick=False) as clock:
        for _ in range(8):
            is_in(Client(), name, "wrong")
        assert "Wait a minute" in sign_in(Client(), name).content.decode()
        clock.shift(timedelta(seconds=61))
        is_in(Client(), name, "wrong")
        assert "Wait 2 minutes" in sign_in(Client(), name).content.decode()
        clock.shift(timedelta(seconds=121))
        assert is_in(Client(), name)


@pytest.mark.django_db(transaction=True)
def test_many_tries_at_once_are_no_more_than_one_after_another():
    waits: list[int] = []

    def guess() -> None:
        waits.append(begin_try(Visitor(None, "somebody")))
        connection.close()

    threads = [threading.Thread(target=guess) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert waits.count(0) == 8
    assert SignInFailure.objects.count() == 8


@pytest.mark.django_db
def test_the_old_password_is_guessed_no_quicker_than_at_the_sign_in(front_desk):
    page, user = reverse("password_change"), front_desk.user
    user.set_password("the right old phrase")
    user.save()
    front_desk.force_login(user)
    form = {"new_password1": "a quite new phrase 1", "new_password2": "a quite new phrase 1"}
    for _ in range(MOST_PER_NAME):
        answer = front_desk.post(page, form | {"old_password": "wrong"})
        assert answer.status_code == 200
    answer = front_desk.post(page, form | {"old_password": "the right old phrase"})
    assert "Too many wrong tries" in answer.content.decode()
    user.refresh_from_db()
    assert user.check_password("the right old phrase")
    assert not SignInFailure.objects.filter(name=user.username).exists()


@pytest.mark.django_db
def test_a_right_old_password_changes_it(front_desk):
    user = front_desk.user
    user.set_password("the right old phrase")
    user.save()
    front_desk.force_login(user)
    form = {"new_password1": "a quite new phrase 1", "new_password2": "a quite new phrase 1"}
    form["old_password"] = "the right old phrase"
    assert front_desk.post(reverse("password_change"), form).status_code == 302
    user.refresh_from_db()
    assert user.check_password("a quite new phrase 1")


@pytest.mark.django_db
def test_the_books_have_no_second_page_for_it(administrator):
    answer = administrator.get(reverse("admin:password_change"))
    assert answer.url == reverse("password_change")

"""Every URL × every role: a new URL without a decision fails here."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Role
from tests import factories as make
from tests.support.permissions import (
    CASES,
    OPENS,
    address,
)
from tests.support.permissions import addresses as addresses

PUBLIC = {"login", "password_set", "healthz", "readyz", "admin_login"}

# url name: who may open it with GET (None: it answers only to POST), who may send it


def names_of(patterns) -> set[str]:
    """The names of all URLs but the admin's, which has its own test."""
    names: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace != "admin":
            names |= names_of(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern.pattern} has no name"
            names.add(pattern.name)
    return names


def test_every_url_has_a_decision():
    assert names_of(get_resolver().url_patterns) - PUBLIC == set(OPENS)


@pytest.mark.django_db
def test_every_page_refuses_a_stranger(addresses):
    for name in OPENS:
        if name == "theme":
            continue
        response = Client().get(address(name, addresses))
        assert response.status_code == 302, name
        assert "/accounts/sign-in/" in response["Location"], name


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role.values)
def test_each_role_opens_what_its_table_says(role, client_of, addresses):
    make.ProcedureCodeFactory()
    client = client_of(role)
    client.raise_request_exception = True
    for name, (readers, _) in OPENS.items():
        status = client.get(address(name, addresses)).status_code
        wanted = 405 if readers is None else 200 if role in readers else 403
        assert status == wanted or (readers is None and status == 403), f"{role} {name}: {status}"


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role.values)
def test_each_role_sends_what_its_table_says(role, client_of, addresses):
    client = client_of(role)
    for name, (_, writers) in OPENS.items():
        if not writers or name in ("logout", "password_change", "theme", "try_rules"):
            continue
        status = client.post(address(name, addresses), {}).status_code
        refused = status == 403
        assert refused == (role not in writers), f"{role} {name}: {status}"


@pytest.mark.django_db
def test_nothing_of_another_facility_can_be_opened(addresses, client_of, elsewhere, person):
    for role in sorted(CASES):
        stranger = Client()
        stranger.force_login(person(role, elsewhere))
        for name, (readers, _) in OPENS.items():
            is_thing = "<int:pk>" in str(name) or name.split("_")[0] in addresses
            is_list = name.endswith(
                ("_list", "_new", "_draw", "_many", "_record", "_import", "_export")
            )
            if (
                readers
                and role in readers
                and is_thing
                and not is_list
                and name not in ("session_void", "missed_undo")
            ):
                status = stranger.get(address(name, addresses)).status_code
                assert status == 404, f"{role} {name}: {status}"


@pytest.mark.django_db
def test_unsafe_requests_need_the_token(front_desk, course):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(front_desk.user)
    assert browser.post(reverse("course_new"), {}).status_code == 403


@pytest.mark.django_db
def test_every_page_carries_the_strict_policy_and_is_not_stored(addresses, client_of):
    client = client_of(Role.MANAGER)
    for name, (readers, _) in OPENS.items():
        if readers and Role.MANAGER in readers:
            response = client.get(address(name, addresses))
            policy = response.headers["Content-Security-Policy"]
            assert "unsafe" not in policy, name
            assert "script-src 'self'" in policy, name
            assert "no-store" in response.headers["Cache-Control"], name

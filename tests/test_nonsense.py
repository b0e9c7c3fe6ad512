"""Nothing that is sent raises anything but a refusal: every address × every field × odd values."""

from __future__ import annotations

import inspect
import random
import re
import sys
from collections.abc import Callable, Iterator

import pytest
from django import forms
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import resolve, reverse

from accounts.models import Role
from tests import factories as make
from tests.support.lists import LISTS
from tests.support.permissions import OPENS, address
from tests.support.permissions import addresses as addresses

pytestmark = pytest.mark.django_db
NASTY = (
    "²",
    "٣",
    "9" * 5000,
    "9" * 19,
    "-1",
    "0",
    "1e999999",
    "NaN",
    "25:99",
    "2026-99-99",
    "0001-01-01",
    "9999-12-31",
    "9999-12-31T23:59",
    "a\0b",
    "\0",
    "\x1b[31m",
    "\ud800".encode("utf-8", "replace").decode(),
    "{%",
    "'; --",
    "//evil.example",
    "[]",
    "none",
    "on",
    "1",
    " ",
    "",
)
COMMON = ("page", "per_page", "sort", "export", "table", "next", "key", "version")
READ = re.compile(r"request\.(?:GET|POST)(?:\.get|\.getlist)?[\[(]\"([a-z_-]+)\"")
SKIPPED = {"logout", "theme"}
Ask = Callable[[Client, str, dict[str, str]], object]


def names_of(view: Callable) -> list[str]:
    """Every name a page reads: in its module, its forms and its filters."""
    module = sys.modules[inspect.unwrap(view).__module__]
    names = set(READ.findall(inspect.getsource(module))) | set(COMMON)
    for found in vars(module).values():
        if inspect.isclass(found) and issubclass(found, forms.BaseForm):
            names |= set(getattr(found, "base_fields", ()))
    return sorted(names)


def fields_of(name: str, view: Callable, numbers: dict[str, int]) -> list[str]:
    """The names a page reads, with those of its rows."""
    names = names_of(view)
    names += list(LISTS[name].base_filters) if name in LISTS else []
    if name.startswith(("day_sheet", "paper")):
        row = f"row-{numbers['course']}-1-"
        names += [row + field for field in ("delivered", "start_time", "shift_lr", "rotations")]
        names += [row + field for field in ("fraction", "modality", "machine", "image_time")]
    if name.startswith("authorization_"):
        line = f"line-{numbers['line']}-"
        names += [line + field for field in ("decision", "units_approved", "valid_from", "reason")]
        names += ["line-TOTAL_FORMS", "line-INITIAL_FORMS", "line-0-code", "line-0-units_requested"]
    return list(dict.fromkeys(names))


def tried(dice: random.Random, names: list[str], most: int) -> Iterator[dict[str, str]]:
    """All names with one value, then some of them alone with some values."""
    for value in dice.sample(NASTY, 3):
        yield dict.fromkeys(names, value)
    pairs = [(name, value) for name in names for value in NASTY]
    for name, value in dice.sample(pairs, min(most, len(pairs))):
        yield {name: value}


def answered(ask: Callable, path: str, sent: dict[str, str]) -> None:
    """The request is answered by something less than an error of ours; what it did is undone."""
    try:
        with transaction.atomic():
            response = ask(path, sent)
            if response.streaming:
                b"".join(response.streaming_content)
            transaction.set_rollback(True)
    except Exception as error:
        shown = {name: value[:30] for name, value in sent.items()}
        pytest.fail(f"{path} with {str(shown)[:600]}: {type(error).__name__}: {str(error)[:600]}")
    assert response.status_code < 500, f"{path} with {str(sent)[:600]}"


def walk(client: Client, role: str, numbers: dict[str, int], most: int, seed: int) -> None:
    dice = random.Random(seed)
    for name, (readers, writers) in OPENS.items():
        path = address(name, numbers)
        if name in SKIPPED:
            continue
        fields = fields_of(name, resolve(path).func, numbers)
        if readers and role in readers:
            for sent in tried(dice, fields, most):
                answered(client.get, path, sent)
        if role in writers and name != "password_change":
            for sent in tried(dice, fields, most):
                answered(client.post, path, sent)


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.MANAGER, Role.THERAPIST, Role.PHYSICIAN])
def test_no_page_falls_over_what_is_sent(client_of, addresses, role):
    make.ProcedureCodeFactory()
    walk(client_of(role), role, addresses, 1, 1)


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.MANAGER, Role.THERAPIST, Role.PHYSICIAN])
def test_no_page_falls_over_much_that_is_sent(client_of, addresses, role):
    make.ProcedureCodeFactory()
    walk(client_of(role), role, addresses, 12, 2)


@pytest.mark.slow
def test_no_book_falls_over_what_is_sent(administrator, course):
    dice = random.Random(3)
    for model, book in admin.site._registry.items():
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        listed = reverse(f"{base}_changelist")
        names = ["q", "p", "o", "e", "all", "in_force", *filter_names(book)]
        for sent in tried(dice, names, 3):
            answered(administrator.get, listed, sent)
        for value in dice.sample(NASTY, 2):
            if "/" not in value and value.strip("\0 "):
                answered(administrator.get, f"{listed}{value[:50]}/change/", {})
        if book.has_add_permission(request_of(administrator)):
            fields = [field.name for field in model._meta.fields if field.editable]
            for sent in tried(dice, fields, 2):
                answered(administrator.post, reverse(f"{base}_add"), sent)


def filter_names(book: object) -> list[str]:
    return [name for name in book.list_filter if isinstance(name, str)]  # type: ignore[attr-defined]


def request_of(client: Client):
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.user = client.user
    return request


@pytest.mark.parametrize("path", ["/admin/r/1/1/", "/admin/r/²/x/", "/payers/%00/", "/codes/%00/"])
def test_addresses_that_lead_nowhere_are_refused(administrator, path):
    assert administrator.get(path).status_code in (400, 404)


HEADERS = (
    {"HTTP_HOST": "²"},
    {"HTTP_HOST": "a" * 3000},
    {"HTTP_X_FORWARDED_FOR": "²" * 500},
    {"HTTP_X_FORWARDED_HOST": "evil.example"},
    {"REMOTE_ADDR": "unix:"},
    {"HTTP_ACCEPT_LANGUAGE": "²;q=x," * 500},
    {"HTTP_REFERER": "http://[::1"},
    {"HTTP_REFERER": "//²/\x01"},
    {"HTTP_ACCEPT_ENCODING": "²"},
    {"HTTP_COOKIE": 'sessionid="abcdefgh\\000"; csrftoken=²; theme="\\000"; messages=x; device=x'},
    {"HTTP_COOKIE": "sessionid=" + "9" * 5000},
    {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://[x"},
    {"CONTENT_TYPE": "text/plain; charset=rot13"},
    {"CONTENT_TYPE": "application/x-www-form-urlencoded; charset=utf-7"},
    {"CONTENT_TYPE": "multipart/form-data; boundary=²"},
    {"CONTENT_TYPE": "multipart/form-data"},
    {"CONTENT_LENGTH": "²"},
)


@pytest.mark.parametrize("headers", HEADERS, ids=str)
def test_no_header_is_more_than_refused(manager, course, headers, settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    for path in ("/", reverse("charge_list"), reverse("login"), reverse("healthz"), "/nowhere/"):
        assert manager.get(path, **headers).status_code < 500
        assert Client().get(path, **headers).status_code < 500
        more = {"content_type": headers.get("CONTENT_TYPE", "application/octet-stream")}
        rest = {name: value for name, value in headers.items() if name != "CONTENT_TYPE"}
        assert manager.generic("POST", path, b"a=%00&b=%ff", **more, **rest).status_code < 500


def test_characters_that_no_column_holds_are_taken_out_of_a_form(manager):
    page = manager.post(reverse("search"), {"text": "Smi\0th"})
    assert page.context["search_text"] == "Smith"


def test_the_same_key_of_two_people_is_two_forms(client_of, facility):
    from accounts.form_keys import already_done, do_once

    one, other = client_of(Role.CODER).user, client_of(Role.CODER).user
    key = "7b1f3c52-0c3d-4a53-9a3c-0d1ad8a6d0f4"
    assert do_once(key, one, lambda: "/one/") == ("/one/", True)
    assert do_once(key, other, lambda: "/other/") == ("/other/", True)
    assert do_once(key, one, lambda: "/again/") == ("/one/", False)
    assert already_done(key, other) == "/other/"


@pytest.mark.parametrize("target", ["25:99", "digits:x", "//evil.example", "javascript:1"])
def test_the_way_back_is_a_path_of_ours(coder, facility, target):
    for name in ("charge_assign", "theme"):
        answer = coder.post(reverse(name), {"next": target})
        assert answer.status_code == 302
        assert "evil" not in answer["Location"]


def test_the_same_role_given_twice_is_refused_in_words(administrator, person, facility):
    user = person(Role.CODER)
    address_of = reverse("admin:accounts_user_change", args=[user.pk])
    form = {
        "username": user.username,
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-user": user.pk,
        "memberships-0-role": Role.CODER,
        "memberships-0-facility": facility.pk,
    }
    answer = administrator.post(address_of, form)
    assert answer.status_code == 200
    assert "Somebody gave one of these roles meanwhile" in answer.content.decode()


def test_nobody_keeps_a_patient_in_the_browser(manager, course):
    """Typed names, numbers and birth dates are no drafts of the browser: the server keeps them."""
    new = manager.get(reverse("course_new")).content.decode()
    for name in ("mrn", "last_name", "first_name", "date_of_birth", "member_id"):
        assert re.search(rf'<input[^>]*name="{name}"[^>]*data-undrafted', new), name
    cover = manager.get(reverse("coverage_new", args=[course.pk])).content.decode()
    assert re.search(r'<input[^>]*name="member_id"[^>]*data-undrafted', cover)

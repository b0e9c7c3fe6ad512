"""House rules as code: sizes, docstrings, factories, pairs, migrations, what never stands here."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

from tests import factories

ROOT = Path(__file__).resolve().parent.parent
OURS = ("accounts", "coding", "payers", "authorizations")
CODE = [
    path
    for top in (*OURS, "config", "seeds", "tests", "benchmarks")
    for path in (ROOT / top).rglob("*.py")
    if "migrations" not in path.parts
]
MODELS = [
    model
    for app in OURS
    for model in apps.get_app_config(app).get_models()
    if not model.__name__.endswith("History")
]


def tracked_files() -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    return [ROOT / name for name in listing.splitlines()] or CODE


@pytest.mark.parametrize("path", CODE, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_and_functions_are_small_enough_to_see(path):
    text = path.read_text()
    assert text.count("\n") <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = node.end_lineno - node.lineno + 1
            assert length <= 40, f"{node.name} has {length} lines"


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_every_model_says_what_it_is_and_has_a_factory(model):
    assert model.__doc__
    assert not model.__doc__.startswith(f"{model.__name__}(")
    made = {
        f._meta.model
        for f in vars(factories).values()
        if getattr(getattr(f, "_meta", None), "model", None)
    }
    assert model in made


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_every_moment_that_may_be_empty_is_paired_with_its_person(model):
    names = {field.name for field in model._meta.get_fields()}
    guards = {constraint.name for constraint in model._meta.constraints}
    for field in model._meta.concrete_fields:
        person = field.name.removesuffix("_at") + "_by"
        if field.name.endswith("_at") and field.null and person in names:
            wanted = field.name.removesuffix("_at")
            assert any(wanted in name and name.endswith("_pair") for name in guards), field.name


def test_the_pairing_test_has_something_to_bite_on():
    from authorizations.models import Charge

    pairs = [c.name for c in Charge._meta.constraints if c.name.endswith("_pair")]
    assert len(pairs) >= 3


@pytest.mark.django_db
def test_no_migration_is_missing():
    told = StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=told)
    assert "No changes detected" in told.getvalue()


FORBIDDEN = {
    "a path of somebody's machine": re.compile(r"(?<![\w.])/(?:work|farm|root)/[\w.-]"),
    "a registry's address": re.compile(r"--(extra-)?index-url|https?://[^\s\"']*/simple\b", re.I),
    "left undone": re.compile(r"\b(TO" + r"DO|FIX" + r"ME|HA" + r"CK)\b|#.*\bXX" + r"X\b"),
}


def test_nothing_stands_here_that_never_should():
    found = []
    for path in tracked_files():
        if not path.is_file() or "vendor" in path.parts or path.suffix in (".png", ".txt", ".csv"):
            continue
        text = path.read_text(errors="replace")
        found += [
            f"{path.relative_to(ROOT)}: {what}"
            for what, pattern in FORBIDDEN.items()
            if pattern.search(text) and path != Path(__file__)
        ]
    assert found == []


# What is typed is read by accounts/readers.py: "²".isdigit() is true, and int("²") fails.
LOOSE = {
    "isdigit() takes ² for a digit": re.compile(r"\.is(?:digit|numeric)\(\)"),
    "int() of what was sent": re.compile(r"\b(?:int|Decimal)\(request\."),
    "a date of what was sent": re.compile(r"\bfromisoformat\(request\."),
    "redirect() takes 25:99 for a name": re.compile(r"\bredirect\(request\.(?:GET|POST|META)"),
}


def test_what_is_sent_is_read_by_strict_readers_only():
    found = [
        f"{path.relative_to(ROOT)}: {what}"
        for path in CODE
        if path.relative_to(ROOT).parts[0] in (*OURS, "config") and path.name != "readers.py"
        for what, pattern in LOOSE.items()
        if pattern.search(path.read_text())
    ]
    assert found == []


def test_templates_hold_no_inline_script_style_or_handler():
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>|<style|\sstyle=|\son[a-z]+=\""
    )
    guilty = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if inline.search(path.read_text())
    ]
    assert guilty == []


def test_every_template_says_what_it_needs():
    silent = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "templates").rglob("*.html")
        if not re.search(r"\{% comment %\}|\{#", path.read_text()[:400])
    ]
    assert silent == []


def calls_of(name: str) -> list[tuple[str, ast.Call]]:
    """Every call of a function or method of that name in the product, with where it stands."""
    found = []
    for path in CODE:
        if path.relative_to(ROOT).parts[0] not in OURS:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if called == name:
                    found.append((f"{path.relative_to(ROOT)}:{node.lineno}", node))
    return found


@pytest.mark.parametrize("name", ["facilities_of", "places_of", "for_user"])
def test_no_scope_is_asked_without_naming_the_permission(name):
    calls = calls_of(name)
    assert len(calls) > 3
    assert [where for where, call in calls if len(call.args) + len(call.keywords) < 2] == []


@pytest.mark.parametrize("name", ["has_permission", "roles_of"])
def test_no_right_is_asked_without_naming_the_facility(name):
    wanted = {"has_permission": 3, "roles_of": 2}[name]
    calls = calls_of(name)
    assert calls
    short = [where for where, call in calls if len(call.args) + len(call.keywords) < wanted]
    assert short == []


def test_a_permission_or_facility_has_no_default():
    from accounts import roles, scoping

    for function in (
        *(scoping.facilities_of, scoping.places_of, scoping.people_with),
        *(roles.has_permission, roles.roles_of),
    ):
        for parameter in inspect.signature(function).parameters.values():
            assert parameter.default is parameter.empty, f"{function.__name__} {parameter}"
    for model in MODELS:
        scope = getattr(model._default_manager, "for_user", None)
        if scope:
            names = list(inspect.signature(scope).parameters)
            assert names == ["user", "permission", "others"], model._meta.label


def test_roles_somewhere_open_pages_and_never_rows():
    """Who holds a role somewhere is asked by permits, the bar, Home and mails, and by no query."""
    callers = {where.split(":")[0] for where, _ in calls_of("roles_anywhere")}
    assert callers == {
        "accounts/roles.py",
        "authorizations/notifications/digests.py",
        "authorizations/navigation.py",
        "authorizations/day_list/home.py",
        "authorizations/charges/return_views.py",
    }

"""In production nothing is made or downloaded: what serves is enough, or a sentence says so."""

from __future__ import annotations

import subprocess

import pytest

from config import bootstrap

SERVER = {"DATABASE_URL": "postgresql://db/ledger"}


@pytest.fixture
def started(monkeypatch) -> list[str]:
    """What bootstrap would start; it starts nothing."""
    done: list[str] = []
    for name in ("DATABASE_URL", "DEBUG", "GL_BOOTSTRAPPED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(bootstrap, "make_environment", lambda: done.append("made"))
    monkeypatch.setattr(bootstrap, "become", lambda *given, **more: done.append("became"))
    monkeypatch.setattr(bootstrap, "is_current", lambda: False)
    monkeypatch.setattr(subprocess, "run", lambda *given, **more: done.append("ran"))
    return done


def start(monkeypatch, environ: dict[str, str], command: str, installed: str) -> None:
    """Start a command where only the packages of one lock are installed."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.argv", ["manage.py", command])
    there = dict(bootstrap.pins(bootstrap.ROOT / "requirements" / installed)) if installed else {}

    def version(name: str) -> str:
        if name not in there:
            raise bootstrap.importlib.metadata.PackageNotFoundError(name)
        return there[name]

    monkeypatch.setattr(bootstrap.importlib.metadata, "version", version)
    bootstrap.ensure()


@pytest.mark.parametrize("environ", [SERVER, {"DEBUG": "0"}, {**SERVER, "DEBUG": "1"}])
def test_what_serves_is_enough_with_a_database_of_its_own(started, monkeypatch, environ):
    start(monkeypatch, environ, "migrate", installed="base.txt")
    assert started == []


@pytest.mark.parametrize("environ", [SERVER, {"DEBUG": "0"}])
def test_a_server_without_it_is_told_what_to_install(started, monkeypatch, environ):
    with pytest.raises(SystemExit, match=r"requirements/base\.txt"):
        start(monkeypatch, environ, "run_due", installed="")
    assert started == []


@pytest.mark.parametrize(
    ("environ", "command"), [({}, "demo"), (SERVER, "test"), ({"DEBUG": "1"}, "migrate")]
)
def test_development_and_tests_make_their_environment(started, monkeypatch, environ, command):
    start(monkeypatch, environ, command, installed="base.txt")
    assert started == ["made", "became"]


def test_the_lock_of_what_serves_holds_no_tool_of_developers():
    names = {name for name, _ in bootstrap.pins(bootstrap.NEEDED_TO_SERVE[0])}
    assert "django" in names
    assert not names & {"pytest", "ruff", "mypy", "factory-boy", "playwright"}

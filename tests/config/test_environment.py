"""What is missing is said in a sentence that tells what to set."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.database import databases, from_url
from config.environment import allowed_hosts, secret_key

ROOT = Path(__file__).resolve().parent.parent.parent
SECRET = "4fQd8-xW2mZ_" * 2 + "bKp7LrT9vNsYgHc3JeUaRq5oXiDw6tMz"
URL = "postgresql://ledger:p%40ss@db.example.org:5433/ledger?sslmode=require"


def started(**env: str) -> subprocess.CompletedProcess[str]:
    """Django started with exactly these variables."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup()"],
        env={**kept, "DJANGO_SETTINGS_MODULE": "config.settings", **env},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_debug_a_database_must_be_named():
    done = started(SECRET_KEY=SECRET)
    assert done.returncode != 0
    assert "DATABASE_URL is not set. Set it to your PostgreSQL" in done.stderr


def test_without_debug_a_secret_key_must_be_set():
    done = started(DATABASE_URL=URL)
    assert done.returncode != 0
    assert "SECRET_KEY" in done.stderr


def test_with_both_it_starts_and_asks_no_database():
    assert started(DATABASE_URL=URL, SECRET_KEY=SECRET).returncode == 0


def test_the_address_of_the_database_is_read_whole():
    found = from_url(URL)
    assert found["PASSWORD"] == "p@ss"
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example.org", "5433", "ledger")
    assert found["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql://host", "sqlite:///x"])
def test_any_other_address_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="not a PostgreSQL address"):
        databases({"DATABASE_URL": url}, debug=True)


def test_debug_alone_takes_the_embedded_server():
    assert databases({}, debug=True)["default"]["ENGINE"] == "config.embedded_postgresql"


def test_the_embedded_server_refuses_where_debug_is_off(settings):
    from django.db import connection

    settings.EMBEDDED_POSTGRESQL_ALLOWED = False
    if connection.settings_dict["ENGINE"] != "config.embedded_postgresql":
        pytest.skip("these tests run on a server of DATABASE_URL")
    with pytest.raises(ImproperlyConfigured, match="only for development"):
        connection.get_connection_params()


@pytest.mark.parametrize("key", ["x", SECRET[:49], "s" * 60, "abcabcabc" * 8])
def test_a_key_that_is_easy_to_guess_is_refused(key):
    with pytest.raises(ImproperlyConfigured, match="too easy to guess"):
        secret_key({"SECRET_KEY": key}, debug=False)
    assert secret_key({"SECRET_KEY": key}, debug=True) == key


def test_a_good_key_and_a_made_one_are_taken():
    made = secrets.token_urlsafe(50)
    for key in (SECRET, made):
        assert secret_key({"SECRET_KEY": key}, debug=False) == key


def test_any_host_at_all_is_refused():
    with pytest.raises(ImproperlyConfigured, match=r"ALLOWED_HOSTS is \*"):
        allowed_hosts({"ALLOWED_HOSTS": "ledger.example.org,*"}, debug=False)
    assert allowed_hosts({"ALLOWED_HOSTS": ".example.org"}, debug=False) == [".example.org"]


def test_a_weak_value_stops_the_start():
    done = started(DATABASE_URL=URL, SECRET_KEY=SECRET, ALLOWED_HOSTS="*")
    assert done.returncode != 0
    assert "ALLOWED_HOSTS is *" in done.stderr
    done = started(DATABASE_URL=URL, SECRET_KEY="x")
    assert "SECRET_KEY is too easy to guess" in done.stderr


def test_error_pages_of_debug_stay_away_from_another_machines_database():
    with pytest.raises(ImproperlyConfigured, match="names the server db"):
        databases({"DATABASE_URL": URL}, debug=True)
    near = "postgresql://ledger@127.0.0.1:5432/ledger"
    assert databases({"DATABASE_URL": near}, debug=True)["default"]["HOST"] == "127.0.0.1"
    allowed = {"DATABASE_URL": URL, "DEBUG_ON_REMOTE_DATABASE": "1"}
    assert databases(allowed, debug=True)["default"]["HOST"] == "db.example.org"

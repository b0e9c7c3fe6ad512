"""What is missing is said in a sentence that tells what to set."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.database import databases, from_url

ROOT = Path(__file__).resolve().parent.parent.parent
SECRET = "s" * 60
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

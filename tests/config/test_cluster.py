"""The embedded server survives what machines do to it. Each test has a server of its own."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.embedded_postgresql.binaries import find_binaries
from config.embedded_postgresql.cluster import Cluster
from config.embedded_postgresql.privileges import namespaces_work

HOLDER = Path(__file__).with_name("holder.py")
ROOT = HOLDER.parent.parent.parent
PATIENCE = 60

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Unix sockets and flock")
as_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")


class Holder:
    """A process that uses the server of a folder."""

    def __init__(self, base: Path, **options: object) -> None:
        env = {**os.environ, **options.pop("env", {})}
        self.process = subprocess.Popen(
            [sys.executable, str(HOLDER), str(base)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=env,
            cwd=ROOT,
            **options,
        )
        said = self.process.stdout.readline().split()
        if not said:
            raise AssertionError(self.process.stderr.read())
        self.mode, self.socket_dir = said[1], Path(said[2])

    def ask(self, statement: str) -> str:
        self.process.stdin.write(statement + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def leave(self) -> str:
        said = self.ask("leave")
        self.process.wait(PATIENCE)
        return said

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)


@pytest.fixture
def base(tmp_path) -> Iterator[Path]:
    """A folder for a server, and no server left in it afterwards."""
    yield tmp_path / "state"
    for folder in tmp_path.rglob("postmaster.pid"):
        with contextlib.suppress(OSError, ValueError):
            os.kill(int(folder.read_text().split()[0]), signal.SIGKILL)


@pytest.fixture
def hold(base) -> Iterator[Callable[..., Holder]]:
    made: list[Holder] = []

    def build(where: Path = base, **options: object) -> Holder:
        made.append(Holder(where, **options))
        return made[-1]

    yield build
    for holder in made:
        with contextlib.suppress(BrokenPipeError):
            holder.process.stdin.close()
        holder.process.wait(PATIENCE)
        holder.process.stdout.close()
        holder.process.stderr.close()
        shutil.rmtree(holder.socket_dir, ignore_errors=True)


def answers(base: Path) -> bool:
    return Cluster(base).answers()


def postmaster(base: Path) -> int:
    return int(next(base.glob("pg*/postmaster.pid")).read_text().split()[0])


def test_a_first_start_makes_the_server_and_the_last_user_stops_it(hold, base):
    first = hold()
    assert first.ask("CREATE TABLE kept (n int)") == "done"
    assert first.leave() == "stopped"
    assert not answers(base)
    assert hold().ask("SELECT count(*) FROM kept") == "0"


def test_a_second_process_attaches_and_its_leaving_disturbs_nobody(hold, base):
    demo, tests = hold(), hold()
    assert tests.leave() == "left"
    assert demo.ask("SELECT 1") == "1"
    assert demo.leave() == "stopped"


def test_a_killed_user_is_not_counted_for_ever(hold, base):
    hold().kill()
    assert answers(base)
    assert hold().leave() == "stopped"


def test_a_killed_server_comes_back_with_what_was_committed(hold, base):
    first = hold()
    first.ask("CREATE TABLE kept AS SELECT 7387 AS n")
    os.kill(postmaster(base), signal.SIGKILL)
    first.kill()
    time.sleep(0.2)
    assert hold().ask("SELECT n FROM kept") == "7387"


def test_eight_starters_at_once_share_one_server(base):
    program = [sys.executable, str(HOLDER), str(base)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    started = [subprocess.Popen(program, cwd=ROOT, **pipes) for _ in range(8)]
    said = [process.communicate("SELECT 1\n", timeout=PATIENCE)[0].split() for process in started]
    assert all(words[0] == "ready" and words[3] == "1" for words in said)
    assert [words[-1] for words in said].count("stopped") >= 1
    assert not answers(base)


def test_a_very_long_path_is_no_hindrance(hold, tmp_path):
    long = tmp_path / ("x" * 120) / ("y" * 120)
    holder = hold(long)
    assert len(str(holder.socket_dir)) < 60
    assert holder.ask("SELECT 1") == "1"


def test_a_language_the_machine_does_not_know_is_no_hindrance(hold):
    strange = {"LANG": "xx_XX.UTF-8", "LC_ALL": "xx_XX.UTF-8", "PGPORT": "1", "PGDATA": "/nowhere"}
    assert hold(env=strange).ask("SELECT 1") == "1"


def test_an_interrupted_first_start_leaves_nothing_half_made(hold, base):
    base.mkdir()
    (base / ".init-1").mkdir()
    assert hold().ask("SELECT 1") == "1"


def test_nobody_but_the_owner_reaches_the_socket(hold):
    assert hold().socket_dir.stat().st_mode & 0o077 == 0


@as_root
def test_root_without_namespaces_runs_it_as_nobody(hold, tmp_path):
    holder = hold(env={"GL_POSTGRES_ROOT_MODE": "nobody"})
    assert holder.mode == "nobody"
    assert holder.ask("SELECT 1") == "1"
    assert holder.leave() == "stopped"


def reachable(uid: int) -> bool:
    """Whether that user may run this interpreter and the server's programs."""
    command = [sys.executable, "-c", "import psycopg; open(__import__('sys').argv[1])"]
    try:
        done = subprocess.run(
            [*command, str(find_binaries() / "postgres")],
            user=uid,
            group=uid,
            extra_groups=(),
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0


def owned(path: Path, uid: int) -> Path:
    """A folder of that user's own, in a place it can reach."""
    path.mkdir(mode=0o700)
    os.chown(path, uid, uid)
    return path


@as_root
@pytest.mark.parametrize("uid", [65534, 54321])
def test_an_ordinary_user_and_one_without_a_name_run_it(hold, uid, tmp_path_factory):
    if not reachable(uid):
        pytest.skip("this user cannot reach the interpreter here")
    if uid == 54321:
        with contextlib.suppress(KeyError):
            pytest.skip(f"{pwd.getpwuid(uid).pw_name} has a name here")
        if not namespaces_work():
            pytest.skip("user namespaces are off here")
    home = owned(Path("/tmp") / f"gl-test-{uid}-{os.getpid()}", uid)
    try:
        holder = hold(home / "state", user=uid, group=uid, extra_groups=())
        assert holder.mode == ("plain" if uid == 65534 else "namespace")
        assert holder.ask("SELECT 1") == "1"
        assert holder.leave() == "stopped"
    finally:
        shutil.rmtree(home, ignore_errors=True)


def test_checking_the_project_starts_no_server(tmp_path):
    env = {**os.environ, "GL_POSTGRES_DIR": str(tmp_path / "none"), "DEBUG": "1"}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=env, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "none").exists()


def test_a_machine_without_any_postgresql_is_told_what_to_do(monkeypatch):
    from config.embedded_postgresql import binaries

    monkeypatch.setattr(binaries, "wheel_binaries", lambda: None)
    monkeypatch.setattr(binaries, "system_binaries", lambda: iter(()))
    monkeypatch.delenv("GL_POSTGRES_BINDIR", raising=False)
    with pytest.raises(binaries.NoPostgres, match="Set DATABASE_URL"):
        binaries.find_binaries()

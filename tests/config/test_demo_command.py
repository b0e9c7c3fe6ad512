"""The demo starts with one command, answers, and leaves nothing running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import psycopg
import pytest

from config.demo import answers, free_port
from config.embedded_postgresql.cluster import Cluster

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def demo(tmp_path):
    """The command on a server and port of its own; its address and logins once it answers."""
    port = free_port(18000)
    env = {**os.environ, "GL_POSTGRES_DIR": str(tmp_path / "state"), "DEBUG": "1"}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    env.pop("DATABASE_URL", None)
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", str(port)],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = []
    for line in process.stdout:
        said.append(line)
        if "Ctrl+C" in line:
            break
    yield process, port, "".join(said), tmp_path / "state"
    if process.poll() is None:
        process.kill()
    process.wait()
    process.stdout.close()


def roles_at_work(state: Path) -> set[str]:
    """In whose names the demo's processes are connected to its database."""
    where = Cluster(state).parameters()
    with psycopg.connect(**where, dbname="postgres", autocommit=True) as asking:
        rows = asking.execute("SELECT usename FROM pg_stat_activity WHERE datname = 'ledger'")
        return {row[0] for row in rows.fetchall()}


@pytest.mark.slow
@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="starts the embedded server")
def test_one_command_serves_and_ctrl_c_stops_everything(demo):
    process, port, said, state = demo
    assert f"http://127.0.0.1:{port}/" in said
    for role in ("Front desk", "Therapist", "Physician", "Coder", "Manager", "Administrator"):
        assert role in said
    assert "Auditor" in said
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as reply:
        assert reply.read() == b"ready\n"
    assert roles_at_work(state) == {"ledger"}
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    assert not answers(port)
    assert not list(state.glob("pg*/postmaster.pid"))

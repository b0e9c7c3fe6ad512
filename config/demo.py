"""Serving the demo: one command starts everything, Ctrl+C stops everything."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

BASE_DIR = Path(__file__).resolve().parent.parent
FIRST_PORT = 8000
PATIENCE_SECONDS = 30


def free_port(first: int = FIRST_PORT) -> int:
    """The first port from this one on that nobody listens on."""
    for port in range(first, first + 100):
        with contextlib.closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise SystemExit(f"No port between {first} and {first + 99} is free.")


def server_command(port: int) -> Sequence[str]:
    """gunicorn with two workers of four threads, on this machine only."""
    return (
        *(sys.executable, "-m", "gunicorn", "config.wsgi"),
        *("--bind", f"127.0.0.1:{port}"),
        *("--worker-class", "gthread", "--workers", "2", "--threads", "4"),
        *("--worker-tmp-dir", "/dev/shm" if os.path.isdir("/dev/shm") else "/tmp"),  # noqa: S108
        *("--log-level", "warning"),
    )


def server_settings(port: int) -> dict[str, str]:
    """This environment, with settings by which no page shows internals, mails link here."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings_local",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False


def worker_command() -> Sequence[str]:
    """What does the jobs that pages leave behind."""
    return (sys.executable, "manage.py", "worker", "--verbosity", "0")


def serve(port: int, announce: Callable[[], None]) -> None:
    """Start the server and a worker, announce them, and stop both with this process."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    server, worker = begin(server_command(port), port), None
    try:
        wait_for(server, port)
        worker = begin(worker_command(), port)
        announce()
        while server.poll() is None:
            if worker.poll() is not None:
                worker = begin(worker_command(), port)
            time.sleep(1)
    except KeyboardInterrupt:
        print("\nStopping …", flush=True)
    finally:
        for process in filter(None, (worker, server)):
            end(process)


def begin(command: Sequence[str], port: int) -> subprocess.Popen[bytes]:
    """A process of its own session: Ctrl+C reaches this one, which ends the others in order."""
    return subprocess.Popen(
        command, env=server_settings(port), start_new_session=True, cwd=BASE_DIR
    )


def wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    """Until it answers. Raises SystemExit when it ends or stays silent."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not answers(port):
        if server.poll() is not None or time.monotonic() > deadline:
            raise SystemExit("The server did not start: see the lines above.")
        time.sleep(0.05)


def end(server: subprocess.Popen[bytes]) -> None:
    """Ask the server and its workers to end; insist after five seconds."""
    if server.poll() is None:
        server.terminate()
    try:
        server.wait(timeout=5)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()

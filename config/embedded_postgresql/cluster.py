"""One private server for all processes of this checkout: the first starts it, the last stops it."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from accounts.database.log_settings import NO_VALUES_IN_LOG
from config.embedded_postgresql.binaries import find_binaries, major_version
from config.embedded_postgresql.privileges import NOBODY, choose_runner
from config.embedded_postgresql.staging import stage

ROOT = Path(__file__).resolve().parent.parent.parent
PORT = 5432
STEADY = ("-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions")
SAME_EVERYWHERE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")  # from PostgreSQL 17


class Cluster:
    """A data folder, a socket only its owner reaches, and a lease that counts its users."""

    def __init__(self, base: Path | None = None) -> None:
        self.run = choose_runner(find_binaries())
        self.major = major_version(self.run.bindir)
        base = base or Path(os.environ.get("GL_POSTGRES_DIR") or ROOT / ".local")
        identity = f"{base}:{self.run.mode}:{os.getuid()}"
        key = hashlib.sha256(identity.encode()).hexdigest()[:10]
        # Short and not TMPDIR: a socket's path may have 107 bytes, and shells differ in TMPDIR.
        tmp = "/tmp" if os.access("/tmp", os.W_OK) else tempfile.gettempdir()
        self.socket_dir = Path(tmp) / f"guidance-ledger-{key}"
        if self.run.mode == "nobody":
            self.run, base = stage(self.run, key)
        self.base = base
        self.data = base / f"pg{self.major}"
        self.log = base / f"pg{self.major}.log"
        self._lease: int | None = None

    def lease(self) -> None:
        """Count this process among the users until it ends, however it ends."""
        self.base.mkdir(parents=True, exist_ok=True)
        self._lease = self._open("lease")
        fcntl.flock(self._lease, fcntl.LOCK_SH)

    def release(self) -> bool:
        """Stop counting; stop the server when nobody else uses it. True when it was stopped."""
        if self._lease is None:
            return False
        with self._locked():
            lease, self._lease = self._lease, None
            try:
                fcntl.flock(lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(lease)
                return False
            self.stop()
            os.close(lease)
            return True

    def start(self) -> None:
        """The server answers when this returns. Raises SystemExit with what PostgreSQL said."""
        if self.answers():
            return
        self.base.mkdir(parents=True, exist_ok=True)
        with self._locked():
            if self.answers():
                return
            self._make_socket_dir()
            if not (self.data / "PG_VERSION").exists():
                self._initdb()
            self._forget_dead_server()
            self._launch()

    def stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self.run("pg_ctl", "stop", "-w", "-m", "fast", "-D", str(self.data))

    def answers(self) -> bool:
        """Whether somebody listens on the socket."""
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as knock:
            knock.settimeout(1)
            try:
                knock.connect(str(self.socket_dir / f".s.PGSQL.{PORT}"))
            except OSError:
                return False
            return True

    def parameters(self) -> dict[str, str]:
        """Host, port and user for a connection."""
        return {"host": str(self.socket_dir), "port": str(PORT), "user": "postgres"}

    def _open(self, name: str) -> int:
        return os.open(self.base / f".{name}", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """One starter or stopper at a time, across processes."""
        handle = self._open("start")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _make_socket_dir(self) -> None:
        if self.socket_dir.is_symlink():
            raise SystemExit(f"{self.socket_dir} is a link: remove it and start again.")
        self.socket_dir.mkdir(mode=0o700, exist_ok=True)
        if self.run.mode == "nobody":
            os.chown(self.socket_dir, NOBODY, NOBODY)
        if self.socket_dir.stat().st_uid not in (os.geteuid(), NOBODY):
            raise SystemExit(f"{self.socket_dir} belongs to somebody else: remove it.")

    def _initdb(self) -> None:
        """Into a draft, then renamed: an interrupted first run leaves nothing half-made."""
        draft = self.base / f".init-{os.getpid()}"
        newer = SAME_EVERYWHERE if self.major >= 17 else ()
        code, said = self.run("initdb", "-D", str(draft), *STEADY, *newer)
        if code:
            shutil.rmtree(draft, ignore_errors=True)
            raise SystemExit(f"PostgreSQL could not make its data folder:\n{said}")
        if self.data.exists():
            shutil.rmtree(self.data)
        os.replace(draft, self.data)

    def _launch(self) -> None:
        options = {
            "unix_socket_directories": str(self.socket_dir),
            "listen_addresses": "",
            "port": str(PORT),
            "timezone": "UTC",
            "max_connections": "100",
            **NO_VALUES_IN_LOG,
        }
        given = " ".join(f"-c {name}={value}" for name, value in options.items())
        code, said = self.run(
            "pg_ctl",
            "start",
            "-w",
            "-t",
            "60",
            "-D",
            str(self.data),
            "-l",
            str(self.log),
            "-o",
            given,
        )
        if code:
            told = self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""
            raise SystemExit(f"PostgreSQL did not start:\n{said}\n{told}")

    def _forget_dead_server(self) -> None:
        """After kill -9 the server's number may stay a zombie where process 1 never reaps."""
        pidfile = self.data / "postmaster.pid"
        for _ in range(20):
            if not is_zombie(pidfile):
                return
            time.sleep(0.1)
        pidfile.unlink(missing_ok=True)


def is_zombie(pidfile: Path) -> bool:
    """Whether the pid file names a process that is dead and not yet reaped."""
    try:
        number = int(pidfile.read_text().split()[0])
        stat = Path(f"/proc/{number}/stat").read_text()
    except (OSError, ValueError, IndexError):
        return False
    return stat.rpartition(")")[2].split()[0] == "Z"

"""Work outside the web process: one process at a time, and no failure tells of a patient."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

log = logging.getLogger(__name__)


class JobFailed(Exception):
    """A job broke off. Its reason is in the log; what it left is gone on with by ``run_due``."""


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Whether this process alone does the job now. The lock ends with the process that holds it."""
    key = zlib.crc32(f"guidance ledger job {name}".encode())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        is_mine = bool(cursor.fetchone()[0])
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def run_alone(name: str, work: Callable[[], object]) -> bool:
    """Do a job unless another process is at it; whether it was done here.

    Raises JobFailed without what caused it: the worker stores the text of an exception, and that
    of a database quotes the row.
    """
    try:
        with alone(name) as is_mine:
            if is_mine:
                work()
            return is_mine
    except Exception:
        log.exception("The job “%s” broke off.", name)
    raise JobFailed(f"The job “{name}” broke off.")

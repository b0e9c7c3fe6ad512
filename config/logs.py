"""Log lines carry the number of the request they belong to, and never a form, a query string or
what a database error quotes of a row.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from types import TracebackType

import psycopg
from django.core.exceptions import PermissionDenied
from django.db import Error

from accounts.web.middleware import request_number

WRONG_VALUE = "22"  # the class of errors whose very message quotes the value
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


class RequestNumber(logging.Filter):
    """Adds the request's number to every line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request = request_number.get()
        return True


class WithoutValues(logging.Formatter):
    """Lines and tracebacks in which a database error tells what happened, not to which values."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None
        if isinstance(record.args, tuple):
            record.args = tuple(
                sentence(given) if is_of_database(given) else given for given in record.args
            )
        return super().format(record)

    def formatException(self, ei: ExcInfo) -> str:
        text = "".join(traceback.format_exception(*ei)).rstrip("\n")
        for error in sorted(chain(ei[1]), key=lambda found: -len(str(found))):
            if str(error):
                text = text.replace(str(error), sentence(error))
        return text


def is_of_database(given: object) -> bool:
    return isinstance(given, Error | psycopg.Error)


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """The database errors among an error, what caused it and what it came in the middle of."""
    waiting, seen = [error], set()
    while waiting:
        found = waiting.pop()
        if found is None or id(found) in seen:
            continue
        seen.add(id(found))
        waiting += [found.__cause__, found.__context__, *getattr(found, "exceptions", ())]
        if is_of_database(found):
            yield found


def sentence(error: BaseException) -> str:
    """What PostgreSQL says of an error in one sentence, without the row it quotes."""
    told = error if isinstance(error, psycopg.Error) else error.__cause__
    if not isinstance(told, psycopg.Error) or not told.diag.message_primary:
        return str(error).split("\n", 1)[0]
    if (told.sqlstate or "").startswith(WRONG_VALUE):
        return f"A value does not fit ({told.sqlstate})"
    return told.diag.message_primary


class RefusalsInOneLine(logging.Filter):
    """Takes the traceback off a page refused to a role, so that errors stand out."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
            record.exc_info = record.exc_text = None
        return True

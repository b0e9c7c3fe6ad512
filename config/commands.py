"""Running a command at a terminal: a database without tables is answered in a sentence."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import psycopg.errors
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DatabaseError

MISSING = (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn)
SENTENCE = (
    "The tables of the database are missing or older than this version. "
    "Run first: manage.py migrate (and then manage.py seed)."
)


def run(arguments: Sequence[str]) -> None:
    """Run the command. Raises SystemExit with what to do: set a value, or make the tables."""
    try:
        execute_from_command_line(list(arguments))
    except ImproperlyConfigured as missing:
        sys.exit(str(missing))
    except DatabaseError as error:
        if isinstance(error.__cause__, MISSING) and "--traceback" not in arguments:
            sys.exit(SENTENCE)
        raise

"""One thing that must hold at any moment, and the question that finds what breaks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class Invariant:
    """A sentence, and a query (or a function) that finds what breaks it."""

    key: str
    sentence: str
    query: str | Callable[[], list[int]]
    is_slow: bool = False  # walks every stored verdict or file


def broken(invariant: Invariant) -> list[int]:
    """The numbers of the rows (or the days, as 20261005) that break it; none when it holds."""
    if callable(invariant.query):
        return invariant.query()
    with connection.cursor() as cursor:
        cursor.execute(invariant.query)
        return [row[0] for row in cursor.fetchall()]

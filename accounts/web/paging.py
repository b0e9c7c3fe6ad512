"""Pages of long lists: in one order only, and counted up to a limit, however long they grow."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django_tables2.rows import BoundRows

MOST = 10_000
NUMBER = {"pk", "-pk", "id", "-id"}


def in_stable_order(rows: QuerySet) -> QuerySet:
    """The same rows in the same order; those that are alike stand by their number.

    Without that the database may set them otherwise each time: a row would stand on two pages, or
    on none, and a past moment would not look the same twice.
    """
    order = rows.query.order_by or (rows.query.get_meta().ordering or ())
    if order and order[-1] in NUMBER:
        return rows
    return rows.order_by(*order, "-pk" if order and is_descending(order[-1]) else "pk")


def is_descending(term: Any) -> bool:
    """Whether the greatest comes first."""
    return term.startswith("-") if isinstance(term, str) else bool(getattr(term, "descending", 0))


class CappedPaginator(Paginator):
    """Counts no further than the rows anybody pages through; the rest is found by narrowing."""

    object_list: BoundRows

    @cached_property
    def found(self) -> int:
        """Rows, or one more than the limit where there are more."""
        rows = self.object_list.data.data
        return int(rows.order_by()[: MOST + 1].count())

    @property
    def count(self) -> int:
        return min(self.found, MOST)

    @property
    def is_capped(self) -> bool:
        return self.found > MOST

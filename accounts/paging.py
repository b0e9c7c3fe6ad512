"""Pages of long lists: how many rows there are is counted up to a limit, however long it grows."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.utils.functional import cached_property
from django_tables2.rows import BoundRows

MOST = 10_000


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

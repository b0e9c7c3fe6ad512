"""What all lists share: one order only."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet

from accounts.web.paging import in_stable_order


class StableTable(tables.Table):
    """A list whose rows stand alike on the page, on the next one, in its file and in the past."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.settle()

    @property
    def order_by(self) -> Any:
        return self._order_by

    @order_by.setter
    def order_by(self, value: Any) -> None:
        asked = value.split(",") if isinstance(value, str) else value or ()
        known = [term for term in asked if str(term).removeprefix("-") in self.base_columns]
        tables.Table.order_by.fset(self, known)
        self.settle()

    @property
    def prefixed_per_page_field(self) -> None:
        """How many rows a page has is ours to say: no parameter of an address changes it."""

    def settle(self) -> None:
        if isinstance(self.data.data, QuerySet):
            self.data.data = in_stable_order(self.data.data)

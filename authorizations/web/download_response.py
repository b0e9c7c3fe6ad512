"""Downloads of lists: the rows and the order of the page, all pages of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django_tables2 import RequestConfig

from accounts.exports.response import asked_kind, cells, send_table, table_file, workbook

__all__ = ["asked_kind", "cells", "download", "send_table", "table_file", "workbook"]


def download(
    request: HttpRequest,
    rows: QuerySet,
    table: type,
    name: str,
    usual: Mapping[str, Any] | None = None,
) -> StreamingHttpResponse:
    """The rows as the list shows them, all pages of them; ``usual`` is its order unless chosen."""
    ordered = table(rows, **(usual or {}))
    RequestConfig(request, paginate=False).configure(ordered)
    return send_table(request, ordered.data.data, table.exported, name)

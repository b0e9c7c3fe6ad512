"""Downloads of lists: the rows and the order of the page, all pages of it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django_tables2 import RequestConfig

from accounts.downloads import asked_kind, cells, send, table_file, workbook

__all__ = ["asked_kind", "cells", "download", "send", "table_file", "workbook"]


def download(request: HttpRequest, rows: QuerySet, table: type, name: str) -> StreamingHttpResponse:
    """The rows as the list shows them, all pages of them."""
    ordered = table(rows)
    RequestConfig(request, paginate=False).configure(ordered)
    return send(request, ordered.data.data, table.exported, name)

"""Log lines carry the number of the request they belong to, and never a form or a query string."""

from __future__ import annotations

import logging

from django.core.exceptions import PermissionDenied

from accounts.middleware import request_number


class RequestNumber(logging.Filter):
    """Adds the request's number to every line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request = request_number.get()
        return True


class RefusalsInOneLine(logging.Filter):
    """Takes the traceback off a page refused to a role, so that errors stand out."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
            record.exc_info = record.exc_text = None
        return True

"""Log lines carry the number of the request they belong to, and never a form or a query string."""

from __future__ import annotations

import logging

from accounts.middleware import request_number


class RequestNumber(logging.Filter):
    """Adds the request's number to every line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request = request_number.get()
        return True

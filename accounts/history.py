"""History that cannot be skipped: database triggers that see every insert, update and delete."""

from __future__ import annotations

import pghistory
import pgtrigger
from django.http import HttpRequest
from pghistory.middleware import HistoryMiddleware

from accounts.middleware import request_number

tracked = pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(),
    pghistory.DeleteEvent(),
    append_only=True,
)


def append_only(name: str) -> pgtrigger.Protect:
    """A trigger that refuses to change or delete a row once it is written."""
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


class WithHistory(HistoryMiddleware):
    """Every change made by a request carries its person, its page and its number."""

    def get_context(self, request: HttpRequest) -> dict[str, object]:
        return {
            "user": request.user.pk if request.user.is_authenticated else None,
            "page": request.path,
            "request": request_number.get(),
        }

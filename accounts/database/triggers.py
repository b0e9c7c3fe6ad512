"""History that cannot be skipped: database triggers that see every insert, update and delete."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pghistory
import pgtrigger
from django.db import models
from django.http import HttpRequest
from pghistory.middleware import HistoryMiddleware

from accounts.web.middleware import request_number


def tracked(model: type[models.Model]) -> type[models.Model]:
    """Keep every row a table ever held, with who, when and through which request."""
    track = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        obj_field=pghistory.ObjForeignKey(related_name="history"),
        model_name=f"{model.__name__}History",
        append_only=True,
    )
    return track(model)


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


def legal_moves(
    name: str,
    table: Iterable[Any],
    more: Iterable[tuple[str, str]] = (),
    condition: pgtrigger.Condition | None = None,
) -> pgtrigger.FSM:
    """A standing changes only by a row of its workflow table, whoever writes it and however."""
    moved = {(old, row.to_state) for row in table if row.to_state for old in row.from_states}
    allowed = moved | set(more)
    return pgtrigger.FSM(
        name=name, field="status", transitions=sorted(allowed), condition=condition
    )

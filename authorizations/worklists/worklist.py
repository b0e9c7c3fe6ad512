"""One named queue: what is in it, where it opens, for whom it is work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import User

Rows = Callable[[User | None, datetime], QuerySet[Any]]


@dataclass(frozen=True)
class Worklist:
    """A queue: what is in it, on which list page it opens, for whom it is work, how urgent."""

    key: str
    label: str
    hint: str
    page: str
    rows: Rows
    oldest: str
    roles: frozenset[str]
    tone: str = "warn"


AUTHORIZATIONS, COURSES, CHARGES = "authorization_list", "course_list", "charge_list"

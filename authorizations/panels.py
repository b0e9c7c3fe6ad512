"""What our own cases add to the code page: charges, holds and dollars of a code."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Sum

from accounts.models import User
from accounts.roles import Permission, has_permission
from authorizations.models import Charge, ChargeStatus
from coding.hooks import HOOKS, Panel


def our_figures(code: str, on: date, user: User) -> dict[str, Any]:
    """How often we charged the code, how it stands, and what holds it; nothing for outsiders."""
    if not has_permission(user, Permission.READ_DASHBOARD):
        return {}
    rows = Charge.objects.for_user(user).filter(code=code)
    by_status = rows.values("status").annotate(count=Count("pk"), dollars=Sum("amount"))
    names = dict(ChargeStatus.choices)
    held = rows.filter(status=ChargeStatus.HELD).exclude(leading_rule="")
    return {
        "code": code,
        "standings": [
            {**row, "label": names[row["status"]]} for row in by_status.order_by("status")
        ],
        "held": held.values("leading_rule").annotate(count=Count("pk")).order_by("-count")[:8],
    }


def enter() -> None:
    """Tell the code pages that cases can answer."""
    HOOKS.panels.append(Panel("authorizations/_code_figures.html", our_figures))

"""What payers add to the code page."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.exports.response import Tables
from accounts.models import User
from coding.extension_points import HOOKS, Panel
from coding.rules.facts import GUIDANCE
from payers.exports import AUTHORIZATION, CODING
from payers.matrix import QUESTIONS_ASKED, payer_matrix
from payers.models import AuthorizationPolicy, CodingPolicy


def payer_differences(code: str, on: date, user: User) -> dict[str, Any]:
    """What each payer answers about guidance that day, side by side."""
    if code != GUIDANCE:
        return {}
    rows = CodingPolicy.objects.in_force(on).select_related("payer", "plan")
    asks = AuthorizationPolicy.objects.in_force(on).select_related("payer", "plan")
    return {
        "policies": rows.order_by("topic", "payer__name", "line_of_business", "pk"),
        "asks": asks.order_by("payer__name", "line_of_business", "pk"),
        "matrix": payer_matrix(on),
        "questions": QUESTIONS_ASKED,
        "on": on,
    }


def difference_tables(code: str, on: date, user: User) -> Tables:
    """The same as files."""
    shown = payer_differences(code, on, user)
    if not shown:
        return {}
    return {
        "payer-answers": (CODING, list(shown["policies"])),
        "asked-first": (AUTHORIZATION, list(shown["asks"])),
    }


def enter() -> None:
    """Tell the code pages that payers can answer."""
    HOOKS.panels.append(
        Panel(
            "payers/_payer_differences.html",
            payer_differences,
            "payers",
            "Payers, question by question",
            difference_tables,
        )
    )

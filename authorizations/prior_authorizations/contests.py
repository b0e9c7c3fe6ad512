"""Appeals and peer-to-peers: which one an answer answers, and what was granted before it."""

from __future__ import annotations

from typing import Any

from authorizations import workflow
from authorizations.models import (
    ANSWERED,
    LINE_IN_FORCE,
    MAY_BE_CONTESTED,
    AuthorizationEvent,
    PriorAuthorization,
)


def contest_of(authorization: PriorAuthorization) -> str:
    """The appeal or peer-to-peer that the next answer answers; nothing where it is the first."""
    for event in authorization.events.in_effect().order_by("-id"):
        if event.verb in workflow.CONTESTS and event.old_status in MAY_BE_CONTESTED:
            return str(event.verb)
        if event.new_status in ANSWERED:
            return ""
    return ""


def what_it_answers(authorization: PriorAuthorization, contest: str) -> dict[str, Any]:
    """Of an answer to a contest: which, and what was granted before it."""
    granted = {str(line): units for line, units in units_granted(authorization).items()}
    return {"contest": contest, "before": granted} if contest else {}


def corrected_contest(answered: AuthorizationEvent) -> dict[str, Any]:
    """The contest that a mended answer answers, and what was granted before it."""
    lines = answered.authorization.lines.exclude(first_units=None)
    first = {str(pk): units for pk, units in lines.values_list("pk", "first_units")}
    known = {"before": first, **answered.details}
    return {name: known[name] for name in ("contest", "before")}


def units_granted(authorization: PriorAuthorization) -> dict[int, int]:
    """Units of each line that the payer allows as it stands; none where it denies the line."""
    rows = authorization.lines.filter(decision__in=LINE_IN_FORCE)
    return dict(rows.values_list("pk", "units_approved"))

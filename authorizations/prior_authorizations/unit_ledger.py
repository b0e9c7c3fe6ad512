"""The units of a guidance line as a ledger: each figure is a list of sessions or days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from authorizations.courses.forecast import Planned
from authorizations.courses.page import today_at
from authorizations.courses.units_ahead import Outlook, outlook
from authorizations.models import (
    AuthorizedService,
    Charge,
    ChargeStatus,
    GuidanceSession,
    ImageReview,
    PriorAuthorization,
    ReviewDecision,
)
from coding.rules.common import GUIDANCE_CODES

PARTS = {
    "released": "Released",
    "held": "Reviewed, not yet released",
    "unreviewed": "Recorded, not yet reviewed",
    "scheduled": "Scheduled",
}


@dataclass(frozen=True)
class LineLedger:
    """approved − released − held − unreviewed − scheduled = remainder, in units of service."""

    line: AuthorizedService
    approved: int
    released: int
    held: int
    unreviewed: int
    planned: tuple[Planned, ...]

    @property
    def scheduled(self) -> int:
        return len(self.planned)

    @property
    def remainder(self) -> int:
        """What will be left at the end; negative when units are short."""
        return self.approved - self.released - self.held - self.unreviewed - self.scheduled

    @property
    def parts(self) -> list[dict[str, object]]:
        return [
            {"key": key, "label": label, "count": getattr(self, key)}
            for key, label in PARTS.items()
        ]


def ledgers(authorization: PriorAuthorization, found: Outlook | None = None) -> list[LineLedger]:
    """A ledger for each guidance line in force; ``found``: the outlook, where it is known."""
    granted = AuthorizedService.objects.granted().filter(authorization=authorization)
    lines = granted.filter(code__in=GUIDANCE_CODES)
    course = authorization.course
    planned = (found or outlook(course, today_at(course))).guidance.planned
    return [ledger_of(line, planned) for line in lines.select_related("authorization")]


def ledger_of(line: AuthorizedService, planned: Iterable[Planned]) -> LineLedger:
    """Its figures; each fraction to come is counted for one line."""
    return LineLedger(
        line=line,
        approved=line.units_approved or 0,
        released=sessions_in(line, "released").count(),
        held=sessions_in(line, "held").count(),
        unreviewed=sessions_in(line, "unreviewed").count(),
        planned=tuple(p for p in planned if p.line == line.pk),
    )


def sessions_in(line: AuthorizedService, part: str) -> QuerySet[GuidanceSession]:
    """The sessions behind a figure; together they are all that hold a unit of the line."""
    rows = GuidanceSession.objects.filter(authorized_service=line)
    released = Exists(Charge.objects.filter(session=OuterRef("pk"), status=ChargeStatus.RELEASED))
    reviewed = Exists(
        ImageReview.objects.filter(session=OuterRef("pk"), decision=ReviewDecision.APPROVED)
    )
    if part == "released":
        return rows.filter(released)
    if part == "held":
        return rows.filter(~released, reviewed)
    return rows.filter(~released, ~reviewed)

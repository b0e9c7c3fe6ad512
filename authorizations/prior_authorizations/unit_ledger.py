"""The units of a guidance line as a ledger: each figure is a list of sessions or days."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from authorizations.courses.forecast import Planned
from authorizations.courses.page import today_at
from authorizations.courses.units_ahead import course_forecast
from authorizations.models import (
    AuthorizedService,
    Charge,
    ChargeStatus,
    GuidanceSession,
    ImageReview,
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


def ledgers(authorization) -> list[LineLedger]:
    """A ledger for each guidance line in force."""
    granted = AuthorizedService.objects.granted().filter(authorization=authorization)
    lines = granted.filter(code__in=GUIDANCE_CODES)
    related = ("authorization__course__facility", "authorization__course__patient")
    return [ledger_of(line) for line in lines.select_related(*related)]


def ledger_of(line: AuthorizedService) -> LineLedger:
    return LineLedger(
        line=line,
        approved=line.units_approved or 0,
        released=sessions_in(line, "released").count(),
        held=sessions_in(line, "held").count(),
        unreviewed=sessions_in(line, "unreviewed").count(),
        planned=tuple(scheduled(line)),
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


def scheduled(line: AuthorizedService) -> list[Planned]:
    """The fractions still to be given on days this line covers, each counted for one line."""
    course = line.authorization.course
    planned = course_forecast(course, today_at(course)).planned
    return [p for p in planned if p.line == line.pk]

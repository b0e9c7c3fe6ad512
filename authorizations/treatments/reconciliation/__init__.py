"""Whether a day is accounted for: scheduled, recorded, imported, reviewed, charged.

A day is accounted for when each scheduled fraction is recorded or has its reason, each session has
its record or was confirmed, its images are approved, its charge exists and is judged, and nothing
is there twice.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import Facility
from authorizations.courses.schedule import Slot
from authorizations.models import ChargeStatus, GapKind, GuidanceSession
from authorizations.models import ReviewDecision as Decision
from authorizations.treatments.reconciliation.gaps import Gap, answer_of, gaps_on
from authorizations.treatments.reconciliation.loading import DayBook, read_days
from authorizations.verdicts.status import STATUS_TONES

STRIP = 14


@dataclass(frozen=True)
class Mark:
    """How far a row has come at one stage, in a word."""

    label: str
    tone: str = "good"


NOTHING = Mark("–", "neutral")


@dataclass(frozen=True)
class DayRow:
    """One scheduled or recorded fraction and its five stages."""

    slot: Slot
    recorded: Mark
    imported: Mark
    reviewed: Mark
    charged: Mark


@dataclass(frozen=True)
class StripDay:
    """A day of the last two weeks and how much of it is open."""

    on: date
    scheduled: int
    open: int


@dataclass(frozen=True)
class Account:
    """A facility's day: its rows, its gaps, and the two weeks around it."""

    facility: Facility
    on: date
    today: date
    rows: list[DayRow]
    gaps: list[Gap]
    strip: list[StripDay]

    @property
    def open(self) -> list[Gap]:
        return [gap for gap in self.gaps if gap.is_open]

    @property
    def by_owner(self) -> list[tuple[str, int]]:
        """How much is open for each role."""
        counts = Counter(gap.owner for gap in self.open)
        return [(role.label.lower(), count) for role, count in counts.most_common()]

    @property
    def explained(self) -> list[Gap]:
        return [gap for gap in self.gaps if not gap.is_open]

    @property
    def is_accounted_for(self) -> bool:
        return self.on <= self.today and not self.open

    @property
    def stages(self) -> list[tuple[str, int, int, str]]:
        """Label, how many are done, out of how many, and what is meant."""
        sessions = [row.slot.session for row in self.rows if row.slot.session]
        imaged = [s for s in sessions if s.modalities]
        lacking = {kind: sum(gap.kind == kind for gap in self.open) for kind in GapKind}
        missed = sum(row.slot.missed is not None for row in self.rows)
        unseen = lacking[GapKind.NOT_REVIEWED] + lacking[GapKind.REJECTED]
        uncharged = lacking[GapKind.NO_CHARGE] + lacking[GapKind.NOT_JUDGED]
        count = len(self.rows)
        reason = f"{missed} with a reason" if missed else ""
        by_hand = len(sessions) - lacking[GapKind.BY_HAND]
        return [
            ("Scheduled", count, count, ""),
            ("Recorded", len(sessions) + missed, count, reason),
            ("Imported or confirmed", by_hand, len(sessions), ""),
            ("Images approved", len(imaged) - unseen, len(imaged), ""),
            ("Charged and judged", len(imaged) - uncharged, len(imaged), ""),
        ]


def account_of(facility: Facility, on: date, today: date) -> Account:
    """The day and the two weeks it lies in, in a fixed number of queries."""
    last = today if today - timedelta(days=STRIP) < on <= today else on
    book = read_days(facility, last - timedelta(days=STRIP - 1), last, today)
    strip, rows, gaps = [], [], []
    for day in book.days():
        slots = book.slots(day)
        found = gaps_on(book, day, slots)
        strip.append(StripDay(day, len(slots), sum(gap.is_open for gap in found)))
        if day == on:
            rows, gaps = [day_row(book, slot) for slot in slots], found
    return Account(facility, on, today, rows, gaps, strip)


def day_row(book: DayBook, slot: Slot) -> DayRow:
    session = slot.session
    if slot.missed:
        reason = Mark(slot.missed.get_reason_display(), "neutral")
        return DayRow(slot, reason, NOTHING, NOTHING, NOTHING)
    if session is None:
        return DayRow(slot, Mark("open", "warn"), NOTHING, NOTHING, NOTHING)
    start = session.started_at.astimezone(session.facility.tz)
    recorded = Mark(f"{start:%H:%M}" if session.is_delivered else f"{start:%H:%M}, not treated")
    if not session.modalities:
        none = Mark("no image", "neutral")
        return DayRow(slot, recorded, imported_mark(book, session), none, NOTHING)
    return DayRow(
        slot, recorded, imported_mark(book, session), review_mark(book, session),
        charge_mark(book, session),
    )  # fmt: skip


def imported_mark(book: DayBook, session: GuidanceSession) -> Mark:
    if session.source_record:
        return Mark("record")
    answer, _ = answer_of(book, session, GapKind.BY_HAND)
    is_confirmed = answer is not None and answer.settled_at is not None
    place = (session.course_id, session.date_of_service, session.session_of_day)
    words = "from paper" if place in book.paper else "by hand"
    return Mark(f"{words}, confirmed") if is_confirmed else Mark(words, "warn")


def review_mark(book: DayBook, session: GuidanceSession) -> Mark:
    answers = {
        Decision.APPROVED: Mark("approved"),
        Decision.REJECTED: Mark("rejected", "bad"),
        Decision.PRELIMINARY: Mark("resident looked", "warn"),
    }
    return answers.get(book.review(session), Mark("awaited", "warn"))


def charge_mark(book: DayBook, session: GuidanceSession) -> Mark:
    status, _ = book.charges.get(session.pk, ("", ""))
    if not status:
        return Mark("none", "bad")
    return Mark(ChargeStatus(status).label.lower(), STATUS_TONES[status])

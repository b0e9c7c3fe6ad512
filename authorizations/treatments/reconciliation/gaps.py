"""What is missing or double on a day: named, with the role that mends it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations

from accounts.models import Role
from authorizations.courses.schedule import Slot
from authorizations.models import ChargeStatus, Course, DayGap, GapKind, GuidanceSession
from authorizations.models import ReviewDecision as Decision
from authorizations.treatments.reconciliation.loading import DayBook

SHORTEST = timedelta(minutes=1)
OWNERS = {
    GapKind.NOT_REVIEWED: Role.PHYSICIAN,
    GapKind.NO_CHARGE: Role.CODER,
    GapKind.NOT_JUDGED: Role.CODER,
}
# What a person may explain; everything else is mended where it arose.
EXPLAINED = (
    GapKind.BY_HAND,
    GapKind.AT_ONCE,
    GapKind.TOO_MANY,
    GapKind.REFUSED,
    GapKind.NO_CHARGE,
)
DOUBLE = (GapKind.AT_ONCE, GapKind.TOO_MANY, GapKind.REFUSED)
MENDED_BY = {
    GapKind.NOT_RECORDED: "Record it, or say why it did not happen.",
    GapKind.AT_ONCE: "Correct the time or the machine, or take one back.",
    GapKind.TOO_MANY: "Take back what was recorded twice, or say why it was given.",
    GapKind.REFUSED: "Compare both records; correct this one or say why the other is wrong.",
    GapKind.CONFLICT: "Decide whether to keep what stands or to take over what it says.",
    GapKind.BY_HAND: "Wait for its record, or compare it with the machine and confirm it.",
    GapKind.NOT_REVIEWED: "A radiation oncologist approves or rejects them.",
    GapKind.REJECTED: "Correct the session or take it back.",
    GapKind.NO_CHARGE: "Capture the charge (anew), or say why nothing is billed.",
    GapKind.NOT_JUDGED: "Judge it again.",
}


@dataclass(frozen=True)
class Gap:
    """One thing that is missing or double: what, about whom, who mends it, who is on it."""

    kind: GapKind
    subject: str
    on: date
    course: Course
    session: GuidanceSession | None = None
    row_key: str = ""
    detail: str = ""
    answer: DayGap | None = None

    @property
    def owner(self) -> Role:
        """The role that must act."""
        return OWNERS.get(self.kind, Role.THERAPIST)

    @property
    def is_open(self) -> bool:
        return self.answer is None or self.answer.settled_at is None

    @property
    def is_double(self) -> bool:
        return self.kind in DOUBLE

    @property
    def may_be_explained(self) -> bool:
        return self.kind in EXPLAINED

    @property
    def remedy(self) -> str:
        return MENDED_BY[self.kind]


def gaps_on(book: DayBook, on: date, slots: list[Slot]) -> list[Gap]:
    """Every gap and double of that day, explained ones included, in the order of mending."""
    if on > book.today:
        return []
    found = [*gaps_of_rows(book, on, slots), *doubles(book, on)]
    order = list(GapKind)
    return sorted(found, key=lambda gap: order.index(gap.kind))


def gaps_of_rows(book: DayBook, on: date, slots: list[Slot]) -> Iterator[Gap]:
    for slot in slots:
        if slot.session:
            yield from gaps_of_session(book, slot.session)
        elif not slot.missed:
            subject = f"course:{slot.course.pk}:{slot.session_of_day}"
            detail = f"Fraction {slot.fraction}"
            yield gap(
                book, GapKind.NOT_RECORDED, subject, on, slot.course, row_key=slot.key,
                detail=detail,
            )  # fmt: skip


def gap(
    book: DayBook, kind: GapKind, subject: str, on: date, course: Course, **more: object
) -> Gap:
    answer = book.answers.get((on, kind, subject))
    return Gap(kind, subject, on, course, answer=answer, **more)  # type: ignore[arg-type]


def gaps_of_session(book: DayBook, session: GuidanceSession) -> Iterator[Gap]:
    """What one recorded session lacks."""
    for kind in kinds_of_session(book, session):
        answer, is_old = answer_of(book, session, kind)
        detail = f"Fraction {session.fraction}"
        detail += ", corrected since it was confirmed" if is_old else ""
        if kind == GapKind.NO_CHARGE and session.pk in book.charges:
            detail += ", its charge is void"
        yield Gap(
            kind, f"session:{session.pk}", session.date_of_service, session.course,
            session=session, detail=detail, answer=answer,
        )  # fmt: skip


def answer_of(book: DayBook, session: GuidanceSession, kind: GapKind) -> tuple[DayGap | None, bool]:
    """What was said about a session's gap; a correction afterwards asks again (then it is old)."""
    answer = book.answers.get((session.date_of_service, kind, f"session:{session.pk}"))
    corrected = book.corrected.get(session.pk)
    if answer and answer.settled_at and corrected and answer.settled_at < corrected:
        return None, True
    return answer, False


def kinds_of_session(book: DayBook, session: GuidanceSession) -> Iterator[GapKind]:
    if session.pk in book.conflicts:
        yield GapKind.CONFLICT
    if not session.source_record:
        yield GapKind.BY_HAND
    if not session.modalities:
        return
    review = book.review(session)
    if review == Decision.REJECTED:
        yield GapKind.REJECTED
    elif review != Decision.APPROVED:
        yield GapKind.NOT_REVIEWED
    status, verdict = book.charges.get(session.pk, ("", ""))
    if status in ("", ChargeStatus.VOID):
        yield GapKind.NO_CHARGE
    elif status == ChargeStatus.CAPTURED and not verdict:
        yield GapKind.NOT_JUDGED


def doubles(book: DayBook, on: date) -> Iterator[Gap]:
    """What is there twice: a patient in two places, a treatment too many, a second record."""
    sessions = book.sessions.get(on, [])
    for one, other in pairs_at_once(sessions):
        subject = f"session:{one.pk}+session:{other.pk}"
        detail = f"{one.machine} and {other.machine} at the same time"
        yield gap(book, GapKind.AT_ONCE, subject, on, one.course, session=other, detail=detail)
    for course, count in given_too_often(sessions):
        detail = f"{count} treatments, {course.fractions_per_day} planned a day"
        yield gap(
            book, GapKind.TOO_MANY, f"course:{course.pk}", on, course, detail=detail,
            session=next(s for s in sessions if s.course_id == course.pk),
        )  # fmt: skip
    for session in sessions:
        row = book.refused.get(session.source_record)
        if row:
            yield gap(
                book, GapKind.REFUSED, f"record:{row.record}", on, session.course,
                session=session, detail=f"Record {row.record}: {row.sentence}",
            )  # fmt: skip


def pairs_at_once(
    sessions: list[GuidanceSession],
) -> Iterator[tuple[GuidanceSession, GuidanceSession]]:
    """Sessions of one patient that overlap: on two machines, or twice in one course."""
    by_patient: dict[int, list[GuidanceSession]] = defaultdict(list)
    for session in sessions:
        by_patient[session.course.patient_id].append(session)
    for mine in by_patient.values():
        for one, other in combinations(mine, 2):
            is_odd = one.machine != other.machine or one.course_id == other.course_id
            if is_odd and overlap(one, other):
                yield one, other


def overlap(one: GuidanceSession, other: GuidanceSession) -> bool:
    return one.started_at < session_end(other) and other.started_at < session_end(one)


def session_end(session: GuidanceSession) -> datetime:
    return max(session.ended_at or session.started_at, session.started_at + SHORTEST)


def given_too_often(sessions: list[GuidanceSession]) -> Iterator[tuple[Course, int]]:
    counts: dict[Course, int] = defaultdict(int)
    for session in sessions:
        counts[session.course] += session.is_delivered
    return ((course, n) for course, n in counts.items() if n > course.fractions_per_day)

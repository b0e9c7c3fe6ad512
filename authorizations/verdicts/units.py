"""The units ledger: the oldest billable sessions of a course hold the units its payers approved."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from authorizations.models import (
    AuthorizedService,
    Charge,
    ChargeStatus,
    Course,
    Coverage,
    GuidanceSession,
)
from coding.rules.common import GUIDANCE_CODES, codes_that_cover
from coding.rules.facts import GUIDANCE
from payers.policies.lookup import in_force

NOT_CHARGED = ("", GUIDANCE)
Charged = Mapping[int, tuple[str, str]]  # session → status and code of its live charge
Holdings = dict[int, int | None]  # session → line whose unit it holds


@dataclass(frozen=True)
class Ledger:
    """Which column of a session holds the unit, and of which codes the unit is."""

    column: str
    sessions: str

    def codes(self, session: GuidanceSession, charged: str) -> frozenset[str]:
        """The codes of lines whose unit this session asks for; without an image, none of guidance.

        The code that is charged decides: a line of 77387 gives no unit to a charge of 77439.
        """
        if self.column == "delivery_service":
            return frozenset({session.delivery_code})
        if not session.modalities:
            return frozenset()
        return codes_that_cover(charged, session.date_of_service)


GUIDANCE_LEDGER = Ledger("authorized_service", "sessions")
DELIVERY_LEDGER = Ledger("delivery_service", "deliveries")


@transaction.atomic
def allocate_units(course: Course) -> set[int]:
    """Give each unit to the oldest session that may hold it; answer whose guidance unit changed.

    The course's row is the lock, so of any number of sessions recorded at once on the last unit
    exactly one holds it. A released session keeps its unit whatever arrives later.
    """
    lock_courses(Course.objects.filter(pk=course.pk))
    lines = granted_lines(course)
    sessions = list(
        GuidanceSession.objects.filter(course=course).order_by(
            "date_of_service", "started_at", "fraction", "id"
        )
    )
    plans = plans_by_day(course, {session.date_of_service for session in sessions})
    charges = charged(course)
    changed = allocate(GUIDANCE_LEDGER, lines, sessions, plans, charges)
    allocate(DELIVERY_LEDGER, lines, sessions, plans, {})
    count_units(course)
    return changed


def charged(course: Course) -> dict[int, tuple[str, str]]:
    """Each session's charge: its status and code; one left unbilled counts as not billable."""
    mine = Charge.objects.filter(session__course=course)
    left = mine.filter(status=ChargeStatus.VOID, events__verb="leave_unbilled")
    found = {
        session: (ChargeStatus.NOT_BILLABLE.value, code)
        for session, code in left.values_list("session_id", "code")
    }
    for session, status, code in mine.live().values_list("session_id", "status", "code"):
        found[session] = (status, code)
    return found


def lock_courses(courses: QuerySet[Course]) -> None:
    """Hold the rows of these courses, always in the same order, to the end of the transaction."""
    numbers = sorted(set(courses.order_by().values_list("pk", flat=True)))
    list(Course.objects.select_for_update().filter(pk__in=numbers).order_by("pk").values("pk"))


def granted_lines(course: Course) -> list[AuthorizedService]:
    """What payers approved of the course at any time, the earliest window first."""
    return list(
        AuthorizedService.objects.granted()
        .filter(authorization__course=course)
        .select_related("authorization")
        .order_by("valid_from", "id")
    )


def plans_by_day(course: Course, days: set[date]) -> dict[date, int | None]:
    """The primary plan of each of these days."""
    rows = list(Coverage.objects.filter(patient=course.patient_id, rank=Coverage.Rank.PRIMARY))
    return {on: next((r.plan_id for r in rows if in_force(r, on)), None) for on in days}


def allocate(ledger: Ledger, lines, sessions, plans, charges) -> set[int]:
    """Share out one kind of unit anew and store what changed."""
    column = f"{ledger.column}_id"
    wanted = share_out(ledger, lines, sessions, plans, charges)
    changed: dict[int | None, list[int]] = {}
    for session in sessions:
        line = wanted.get(session.pk)
        if getattr(session, column) != line:
            changed.setdefault(line, []).append(session.pk)
    for line, moved in changed.items():
        GuidanceSession.objects.filter(pk__in=moved).update(**{column: line})
    return {pk for moved in changed.values() for pk in moved}


def share_out(ledger: Ledger, lines, sessions, plans, charges) -> Holdings:
    """Who holds which line's unit: released sessions keep theirs, then the oldest come first."""
    left = {line.pk: line.units_approved for line in lines}
    wanted: Holdings = {}
    for session in sessions:
        held = getattr(session, f"{ledger.column}_id")
        if status_in(charges, session) == ChargeStatus.RELEASED:
            wanted[session.pk] = held
            left[held] = left.get(held, 0) - 1
    for session in sessions:
        if session.pk not in wanted and may_hold(session, charges):
            _, charged = charges.get(session.pk, NOT_CHARGED)
            codes = ledger.codes(session, charged)
            wanted[session.pk] = take_unit(codes, session, lines, plans, left)
    return wanted


def status_in(charges: Charged, session: GuidanceSession) -> str:
    """The status of the session's live charge, empty where it has none."""
    return charges.get(session.pk, NOT_CHARGED)[0]


def may_hold(session: GuidanceSession, charges: Charged) -> bool:
    """A unit is for a treatment that was given, stands, and is not written off."""
    written_off = status_in(charges, session) == ChargeStatus.NOT_BILLABLE
    return session.is_delivered and session.voided_at is None and not written_off


def take_unit(codes: Collection[str], session: GuidanceSession, lines, plans, left) -> int | None:
    """The first line of these codes and the day's plan that covers the day and has a unit left."""
    for line in lines:
        if (
            line.code in codes
            and left[line.pk] > 0
            and line.authorization.plan_id == plans[session.date_of_service]
            and line.is_in_force(session.date_of_service)
        ):
            left[line.pk] -= 1
            return line.pk
    return None


def count_units(course: Course) -> None:
    """Bring each line's count of units used in step with the sessions that hold them."""
    for ledger in (GUIDANCE_LEDGER, DELIVERY_LEDGER):
        rows = AuthorizedService.objects.filter(authorization__course=course)
        is_guidance = Q(code__in=GUIDANCE_CODES)
        rows = rows.filter(is_guidance if ledger is GUIDANCE_LEDGER else ~is_guidance)
        for line in rows.annotate(held=Count(ledger.sessions)):
            if line.held != line.units_used:
                AuthorizedService.objects.filter(pk=line.pk).update(units_used=line.held)

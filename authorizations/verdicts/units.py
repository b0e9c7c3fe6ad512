"""The units ledger: the oldest billable sessions of a course hold the units its payers approved."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from authorizations.models import (
    AuthorizedService,
    Charge,
    ChargeStatus,
    Course,
    Coverage,
    Document,
    GuidanceSession,
)
from coding.rules.approved_lines import PROVEN, covers_component
from coding.rules.common import GUIDANCE_CODES, codes_that_cover
from coding.rules.facts import GUIDANCE
from coding.rules.modalities import is_verification_only
from payers.policies.lookup import in_force

NOT_CHARGED = ("", GUIDANCE, ())
# session → status, code and modifiers of its live charge
Charged = Mapping[int, tuple[str, str, Sequence[str]]]
Holdings = dict[int, int | None]  # session → line whose unit it holds


@dataclass(frozen=True)
class Ledger:
    """Which column of a session holds the unit, and of which codes the unit is."""

    column: str
    sessions: str

    def codes(self, session: GuidanceSession, charged: str) -> frozenset[str]:
        """The codes of lines whose unit this session asks for; without guidance, none of it.

        The code that is charged decides: a line of 77387 gives no unit to a charge of 77439.
        """
        if self.column == "delivery_service":
            return frozenset({session.delivery_code})
        if not session.modalities or is_verification_only(session.modalities):
            return frozenset()
        return codes_that_cover(charged, session.date_of_service)

    def is_for(self, line: AuthorizedService, modifiers: Collection[str]) -> bool:
        """Whether a line is not for the other component: 77387-TC gives 77387-26 no unit."""
        if self.column == "delivery_service":
            return True
        return covers_component(line.modifier, modifiers)


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


def charged(course: Course) -> dict[int, tuple[str, str, Sequence[str]]]:
    """Each session's charge: status, code, modifiers; one left unbilled counts as not billable."""
    mine = Charge.objects.filter(session__course=course)
    left = mine.filter(status=ChargeStatus.VOID, events__verb="leave_unbilled")
    found = {
        session: (ChargeStatus.NOT_BILLABLE.value, code, modifiers)
        for session, code, modifiers in left.values_list("session_id", "code", "modifiers")
    }
    live = mine.live().values_list("session_id", "status", "code", "modifiers")
    return found | {session: (status, code, marks) for session, status, code, marks in live}


def lock_courses(courses: QuerySet[Course]) -> None:
    """Hold all courses of these patients, always in the same order, to the end of the transaction.

    What is recorded in one course is judged in the patient's others too: whoever begins with one of
    them waits here, and never for somebody who waits for them.
    """
    patients = set(courses.order_by().values_list("patient_id", flat=True))
    rows = Course.objects.select_for_update().filter(patient__in=patients)
    list(rows.order_by("pk").values("pk"))


def granted_lines(course: Course) -> list[AuthorizedService]:
    """What payers approved of the course at any time: units that end first are used first.

    What a document proves comes before what was only heard by telephone.
    """
    lines = (
        AuthorizedService.objects.granted()
        .filter(authorization__course=course)
        .select_related("authorization")
        .annotate(has_document=Exists(Document.objects.proving(OuterRef("authorization"))))
    )
    return sorted(lines, key=order_of_use)


def order_of_use(line: AuthorizedService) -> tuple[bool, date, date, int]:
    """Proven lines first; of those the one that ends first, then the one that began first."""
    proof = line.authorization.proof(has_document=line.has_document)
    first, last = line.valid_from or date.min, line.last_day or date.max
    return proof.value not in PROVEN, last, first, line.pk


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
            _, code, modifiers = charges.get(session.pk, NOT_CHARGED)
            codes = ledger.codes(session, code)
            mine = [line for line in lines if line.code in codes and ledger.is_for(line, modifiers)]
            wanted[session.pk] = take_unit(mine, session, plans, left)
    return wanted


def status_in(charges: Charged, session: GuidanceSession) -> str:
    """The status of the session's live charge, empty where it has none."""
    return charges.get(session.pk, NOT_CHARGED)[0]


def may_hold(session: GuidanceSession, charges: Charged) -> bool:
    """A unit is for a treatment that was given, stands, and is not written off."""
    written_off = status_in(charges, session) == ChargeStatus.NOT_BILLABLE
    return session.is_delivered and session.voided_at is None and not written_off


def take_unit(
    lines: Sequence[AuthorizedService], session: GuidanceSession, plans, left
) -> int | None:
    """The first line of the day's plan that covers the day and has a unit left.

    A line for the place of treatment comes before one for another place.
    """
    on = session.date_of_service
    found = [
        line
        for line in lines
        if left[line.pk] > 0 and line.authorization.plan_id == plans[on] and line.is_in_force(on)
    ]
    here = [line for line in found if line.authorization.facility_id == session.facility_id]
    chosen = next(iter(here or found), None)
    if chosen is None:
        return None
    left[chosen.pk] -= 1
    return chosen.pk


def count_units(course: Course) -> None:
    """Bring each line's count of units used in step with the sessions that hold them."""
    for ledger in (GUIDANCE_LEDGER, DELIVERY_LEDGER):
        rows = AuthorizedService.objects.filter(authorization__course=course)
        is_guidance = Q(code__in=GUIDANCE_CODES)
        rows = rows.filter(is_guidance if ledger is GUIDANCE_LEDGER else ~is_guidance)
        for line in rows.annotate(held=Count(ledger.sessions)):
            if line.held != line.units_used:
                AuthorizedService.objects.filter(pk=line.pk).update(units_used=line.held)

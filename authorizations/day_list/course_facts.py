"""What a list of the day says of courses: next treatment, units, dollars; few questions for all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils.timezone import localdate

from authorizations.courses.schedule import ONE_DAY, next_treatment_day
from authorizations.models import (
    OPEN,
    Charge,
    Course,
    CourseHold,
    GuidanceSession,
    MissedTreatment,
)
from authorizations.worklists.querysets import courses as courses_at
from authorizations.worklists.querysets import primary_coverages
from coding.rules.common import FACILITY_SETTINGS
from coding.rules.facts import GUIDANCE
from payers.amounts.worth import Line
from payers.directory.lookup import DirectoryBook, WhomToCall
from payers.models import AuthorizationPolicy, Plan
from payers.policies.lookup import PolicyBook, in_force


@dataclass
class CourseFacts:
    """A course as the list of the day sees it."""

    course: Course
    fractions_done: int
    units_left: int
    plan: Plan | None
    policy: AuthorizationPolicy | None
    treats_on: date | None
    open_amount: Decimal | None
    unit_amount: Decimal | None
    call: WhomToCall = field(default_factory=lambda: WhomToCall(()))

    @property
    def fractions_to_come(self) -> int:
        """Fractions that are still to be given; none while nobody knows how many are planned."""
        return max((self.course.fractions_planned or 0) - self.fractions_done, 0)

    @property
    def next_fraction(self) -> int:
        return min(self.fractions_done + 1, self.course.fractions_planned or 1)

    @property
    def units_short(self) -> int:
        """Fractions to come without a unit of guidance."""
        return max(self.fractions_to_come - self.units_left, 0)

    @property
    def without_unit_on(self) -> date | None:
        """The day of the first fraction without a unit; None where the units last."""
        if self.treats_on is None or not self.units_short:
            return None
        day = self.treats_on
        for _ in range(self.units_left // self.course.fractions_per_day):
            day = next_treatment_day(day, self.course, self.course.facility)
        return day

    @property
    def at_stake(self) -> Decimal | None:
        """Charges that are not released, and guidance of the fractions without a unit."""
        ahead = self.unit_amount * self.units_short if self.unit_amount else None
        known = [amount for amount in (self.open_amount, ahead) if amount]
        return sum(known, Decimal(0)) if known else None


def read_course_facts(numbers: Collection[int], now: datetime) -> dict[int, CourseFacts]:
    """The facts of these courses, in as many questions for a hundred as for one."""
    if not numbers:
        return {}
    today, books = localdate(now), PolicyBook()
    directory = DirectoryBook(today)
    rows = courses_at(None, now, is_all=True).filter(pk__in=numbers)
    found = list(rows.select_related("patient", "facility").order_by("pk"))
    coverages = primary_coverages({course.patient_id for course in found})
    had_today = counts_today(GuidanceSession.objects.live(), numbers, today)
    missed_today = counts_today(MissedTreatment.objects.live(), numbers, today)
    amounts, held = open_amounts(numbers), returns_from_hold(numbers, today)
    facts = {}
    for course in found:
        treated = had_today.get(course.pk, 0) + missed_today.get(course.pk, 0)
        counted = vars(course)
        done, left = counted["fractions_done"], counted["units_left"] or 0
        treats_on = next_treatment(course, today, done, treated)
        if course.pk in held:
            back_on = held[course.pk]
            treats_on = max(treats_on, back_on) if treats_on and back_on else None
        on = max(course.expected_on(today), today)
        plan = next((c.plan for c in coverages[course.patient_id] if in_force(c, on)), None)
        policy = books.authorization_policy(plan, on) if plan else None
        facts[course.pk] = CourseFacts(
            course, done, left, plan, policy, treats_on, amounts.get(course.pk), None
        )
        facts[course.pk].call = directory.whom_to_call(plan, policy)
    price_units(list(facts.values()), books, today)
    return facts


def next_treatment(course: Course, today: date, done: int, treated_today: int) -> date | None:
    """The day on which the next fraction falls; None where none is to come, or nobody knows."""
    is_over = course.is_cancelled or (course.ended_on is not None and course.ended_on < today)
    if is_over or not course.is_planned or done >= course.fractions:
        return None
    is_done_today = treated_today >= course.fractions_per_day
    start = max(course.start, today + ONE_DAY * is_done_today)
    return next_treatment_day(start - ONE_DAY, course, course.facility)


def returns_from_hold(numbers: Collection[int], today: date) -> dict[int, date | None]:
    """The courses on hold, each with the day on which it is expected back; None: not known."""
    rows = CourseHold.objects.live().filter(
        course__in=numbers, held_from__lte=today, held_through__isnull=True
    )
    return dict(rows.values_list("course", "expected_on"))


def counts_today(rows: QuerySet[Any], numbers: Collection[int], today: date) -> dict[int, int]:
    """How many of these each course has today."""
    mine = rows.filter(course__in=numbers, date_of_service=today).order_by()
    return dict(mine.values_list("course").annotate(n=Count("pk")))


def open_amounts(numbers: Collection[int]) -> dict[int, Decimal | None]:
    """The dollars of each course's charges that are not released yet."""
    rows = Charge.objects.filter(status__in=OPEN, session__course__in=numbers).order_by()
    return dict(rows.values_list("session__course").annotate(total=Sum("amount")))


def price_units(facts: list[CourseFacts], books: PolicyBook, today: date) -> None:
    """What one unit of guidance is worth for each course: by contract, else Medicare's amount."""
    books.fees.read_rates({one.plan for one in facts if one.plan}, GUIDANCE)
    for one in facts:
        place = one.course.facility.place_of_service
        modifiers = ("26",) if place in FACILITY_SETTINGS else ()
        on = max(one.course.expected_on(today), today)
        line = Line(one.plan, GUIDANCE, modifiers, 1, on, place, one.course.facility)
        one.unit_amount = books.fees.worth(line).amount

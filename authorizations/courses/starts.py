"""The calendar of treatment starts: who begins on which day, and whether the payer has agreed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access_log import record_access
from accounts.exports.column import ExportColumn
from accounts.exports.response import asked_kind, table_file
from accounts.models import User
from accounts.past import clock
from accounts.permissions import permit, signed_in_person
from accounts.roles import Permission
from accounts.web.query_values import asked_date
from authorizations.models import Course, Coverage
from authorizations.verdicts.status import AuthorizationOnDay, authorizations_on
from authorizations.web.export_columns import patient_columns
from payers.models import Plan

DAYS_SHOWN = 14
STARTS = (
    ExportColumn("first treatment", "course__first_fraction_on"),
    *patient_columns("course__patient__"),
    ExportColumn("course", "course__code"),
    ExportColumn("facility", "course__facility__code"),
    ExportColumn("body site", "course__body_site"),
    ExportColumn("physician", "course__physician__name"),
    ExportColumn("plan", "plan__name"),
    ExportColumn("authorization", "standing__label"),
    ExportColumn("units left", "standing__units_left"),
)


@dataclass(frozen=True)
class TreatmentStart:
    """A course that begins, who pays that day, and how it stands with the payer then."""

    course: Course
    plan: Plan | None
    standing: AuthorizationOnDay | None


@dataclass(frozen=True)
class StartDay:
    """One day of the calendar with its starts."""

    on: date
    starts: list[TreatmentStart]

    @property
    def unsettled(self) -> int:
        """How many of them no payer has agreed to."""
        tones = [start.standing.tone for start in self.starts if start.standing]
        return sum(tone in ("bad", "warn") for tone in tones)


def start_days(user: User, first: date) -> list[StartDay]:
    """The days from this one on on which courses begin that are neither cancelled nor over."""
    last = first + timedelta(days=DAYS_SHOWN - 1)
    rows = Course.objects.for_user(user, Permission.READ_CASES).filter(
        first_fraction_on__range=(first, last), ended_on=None
    )
    courses = list(
        rows.select_related("patient", "facility", "physician").order_by(
            "first_fraction_on", "patient__last_name", "pk"
        )
    )
    by_day: dict[date, list[Course]] = defaultdict(list)
    for course in courses:
        by_day[course.expected_on(first)].append(course)
    plans = coverages_of_starts(courses)
    return [StartDay(on, starts_of(on, here, plans)) for on, here in sorted(by_day.items())]


def starts_of(on: date, courses: list[Course], plans: list[Coverage]) -> list[TreatmentStart]:
    """The starts of one day."""
    standing = authorizations_on(courses, on)
    paying = {row.patient_id: row.plan for row in plans if pays_on(row, on)}
    return [
        TreatmentStart(course, paying.get(course.patient_id), standing.get(course.pk))
        for course in courses
    ]


def coverages_of_starts(courses: Iterable[Course]) -> list[Coverage]:
    """The primary coverages of the patients."""
    patients = {course.patient_id for course in courses}
    rows = Coverage.objects.filter(patient__in=patients, rank=Coverage.Rank.PRIMARY)
    return list(rows.select_related("plan__payer"))


def pays_on(coverage: Coverage, on: date) -> bool:
    through = coverage.effective_through
    return coverage.effective_from <= on and (through is None or on <= through)


@permit(Permission.READ_CASES)
def treatment_starts(request: HttpRequest) -> HttpResponse:
    """Two weeks of starts from a day on, as the morning huddle goes through them."""
    first = asked_date(request.GET.get("on"), clock.today())
    days = start_days(signed_in_person(request), first)
    starts = [start for day in days for start in day.starts]
    if asked_kind(request):
        answer: HttpResponse = table_file(  # type: ignore[assignment]  # a stream is one, too
            request, {"starts": (STARTS, starts)}, f"starts-{first}"
        )
        return answer
    record_access(request, rows=len(starts))
    context = {
        "days": days,
        "on": first,
        "through": first + timedelta(days=DAYS_SHOWN - 1),
        "earlier": first - timedelta(days=DAYS_SHOWN),
        "later": first + timedelta(days=DAYS_SHOWN),
        "unsettled": sum(day.unsettled for day in days),
        "total": len(starts),
    }
    return render(request, "authorizations/courses/treatment_starts.html", context)

"""What a sheet leaves out: the course by MRN, the plan by coverage, the facility by course."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from accounts.models import Facility
from accounts.readers import shown_text
from authorizations.exchange.column_matching import normal
from authorizations.exchange.department_csv import Row
from authorizations.exchange.row_reader import RowRefused, not_found_here
from authorizations.models import Course, Coverage, Patient
from payers.models import Plan

NO_COURSE = "no_course"


class SheetLookup:
    """Courses, coverages, plans and facilities of the patients of a sheet, each read once."""

    def __init__(self, mrns: Iterable[str], allowed: Collection[str] | None) -> None:
        wanted = set(mrns)
        named = Patient.objects.filter(mrn__in=wanted).values_list("mrn", "merged_into", "pk")
        self.patients = {mrn: kept or pk for mrn, kept, pk in named}  # of merged ones, who was kept
        among = set(self.patients.values())
        self.courses: dict[int, list[Course]] = defaultdict(list)
        courses = Course.objects.filter(patient__in=among)
        if allowed is not None:
            courses = courses.filter(facility__code__in=allowed)
        for course in courses.select_related("patient", "facility").order_by("code"):
            self.courses[course.patient_id].append(course)
        self.coverages: dict[int, list[Coverage]] = defaultdict(list)
        coverages = Coverage.objects.filter(patient__in=among)
        for coverage in coverages.select_related("plan__payer").order_by("rank"):
            self.coverages[coverage.patient_id].append(coverage)
        plans = Plan.objects.select_related("payer") if wanted else ()
        self.plans = {plan.code.lower(): plan for plan in plans}
        self.places = {place.code: place for place in (Facility.objects.all() if wanted else ())}
        self.facilities = {
            normal(name): place.code
            for place in self.places.values()
            for name in (place.name, place.code)
        }

    def completed(self, row: Row) -> Row:
        """The row with course, plan and facility by their codes. Raises RowRefused."""
        course = self.course_of(row)
        plan = self.plan_of(row, course)
        return {
            **row,
            "course": course.code,
            "plan": plan,
            "facility": self.facility_of(row, course),
        }

    def course_of(self, row: Row) -> Course:
        """The course of the number, or the patient's only one that goes on at that time."""
        courses = self.courses.get(self.patients.get(row["mrn"], 0), [])
        if row["course"]:
            found = next((course for course in courses if course.code == row["course"]), None)
            if found is None:
                raise not_found_here()
            return found
        going_on = [course for course in courses if goes_on(course, day_of_row(row))]
        if len(going_on) == 1:
            return going_on[0]
        if not going_on:
            sentence = (
                "No course here goes on for this MRN at that time. Check the MRN, or register the "
                "course and look again."
            )
            raise RowRefused(NO_COURSE, sentence)
        names = ", ".join(course.code for course in going_on)
        sentence = f"This patient has several courses: {names}. Say which one under Course."
        raise RowRefused("several_courses", sentence)

    def plan_of(self, row: Row, course: Course) -> str:
        """The plan by code; by its or its payer's name among the coverages; by the coverage."""
        coverages = [
            coverage
            for coverage in self.coverages[course.patient_id]
            if is_in_force(coverage, day_of_row(row))
        ]
        if not row["plan"]:
            return plan_that_pays_first(coverages)
        if row["plan"].lower() in self.plans:
            return str(self.plans[row["plan"].lower()].code)
        asked = normal(row["plan"])
        named = {c.plan.code for c in coverages if asked and is_named(c.plan, asked)}
        if len(named) == 1:
            return str(named.pop())
        here = ", ".join(f"{c.plan.name} ({c.plan.code})" for c in coverages) or "none"
        sentence = (
            f"Plan “{shown_text(row['plan'])}” is not registered under this code, and names none "
            f"of the patient's coverages of that day: {here}. Type the plan's code, or enter the "
            "coverage."
        )
        raise RowRefused("unknown_plan", sentence)

    def facility_of(self, row: Row, course: Course) -> str:
        """The facility by code or name, or that of the course."""
        if not row["facility"]:
            return str(course.facility.code)
        code = self.facilities.get(normal(row["facility"]))
        if code is None:
            sentence = f"Facility “{shown_text(row['facility'])}” is not registered."
            raise RowRefused("unknown_facility", sentence)
        return str(code)


def day_of_row(row: Row) -> date:
    """The day for which course and coverage count: the first approved, else the one of asking."""
    day: date = row["valid_from"] or row["submitted_on"]
    return day


def goes_on(course: Course, on: date) -> bool:
    """Whether the course was not cancelled and has not ended before that day."""
    return not course.is_cancelled and (course.ended_on is None or course.ended_on >= on)


def is_in_force(coverage: Coverage, on: date) -> bool:
    through = coverage.effective_through
    return coverage.effective_from <= on and (through is None or on <= through)


def is_named(plan: Plan, asked: str) -> bool:
    """Whether somebody who writes that means the plan: its payer or name begins with it."""
    names = (normal(plan.name), normal(plan.payer.name))
    return any(f"{name} ".startswith(f"{asked} ") for name in names)


def plan_that_pays_first(coverages: Iterable[Coverage]) -> str:
    primary = [coverage for coverage in coverages if coverage.rank == "primary"]
    if len(primary) == 1:
        return str(primary[0].plan.code)
    sentence = (
        "The patient has no primary coverage on that day. Enter the coverage, or type the plan's "
        "code under Plan."
    )
    raise RowRefused("unknown_plan", sentence)

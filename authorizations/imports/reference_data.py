"""Checking a row of an import: facility, machine, patient, course, dates."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F
from django.utils import timezone

from accounts.database.constraints import npi_is_valid
from accounts.models import Facility
from accounts.web.text import shown_day
from authorizations.courses.status import NOT_PLANNED, course_over_refusal
from authorizations.exchange.row_reader import RowRefused, not_found_here
from authorizations.exchange.treatments_csv import TakenBack, TreatmentRow
from authorizations.models import Course

LONGEST_LEAD = timedelta(days=30)  # a first fraction is put off, seldom brought forward


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceData:
    """The facilities and courses that the rows of an import name."""

    today: date | None  # at each facility unless given
    allowed: (
        Collection[str] | None
    )  # codes of the facilities a person imports for; all unless given
    facilities: dict[str, Facility]
    courses: dict[tuple[str, str], Course]  # by MRN and code

    def facility(self, code: str) -> Facility:
        """A facility whose rows this person may import. Raises RowRefused."""
        facility = self.facilities.get(code)
        if facility is None:
            raise RowRefused("unknown_facility", f"Facility “{code}” is not in our book.")
        if not may_import_for(facility, self.allowed):
            raise RowRefused("not_yours", f"You do not import for facility {facility.code}.")
        return facility

    def check(self, row: TreatmentRow) -> tuple[Facility, Course]:
        """Where and on which course. Raises RowRefused with what does not fit."""
        facility = self.facility(row.facility)
        if facility.machines and row.machine not in facility.machines:
            known = ", ".join(facility.machines)
            sentence = f"Machine “{row.machine}” is not at {facility.code}, which has {known}."
            raise RowRefused("unknown_machine", sentence)
        check_offset(row, facility)
        check_reviewer(row)
        course = self.courses.get((row.mrn, row.course))
        if course is None:
            raise not_found_here()
        try:
            self._check_course(row, course, facility)
            self.check_stamp(row, facility)
        except RowRefused as refusal:
            raise (not_found_here() if self.is_elsewhere(course) else refusal) from refusal
        return facility, course

    def is_elsewhere(self, course: Course) -> bool:
        """Whether this person does not import for a course's facility, wherever the row is from."""
        return not may_import_for(course.facility, self.allowed)

    def _check_course(self, row: TreatmentRow, course: Course, facility: Facility) -> None:
        if course.fractions_planned is None or course.first_fraction_on is None:
            raise RowRefused("not_planned", NOT_PLANNED)
        if not 1 <= row.fraction <= course.fractions_planned:
            sentence = (
                f"Fraction {row.fraction} is not one of the {course.fractions_planned} planned."
            )
            raise RowRefused("fraction_out_of_range", sentence)
        if not 1 <= row.session_of_day <= 3:
            raise RowRefused("bad_number", f"Session of day {row.session_of_day} is not 1, 2 or 3.")
        if row.date_of_service > self.today_at(facility):
            raise RowRefused(
                "future", f"{shown_day(row.date_of_service)} is in the future: not yet treated."
            )
        if row.date_of_service < course.first_fraction_on - LONGEST_LEAD:
            sentence = (
                f"{shown_day(row.date_of_service)} is long before the course's first day, "
                f"{shown_day(course.first_fraction_on)}. Correct the one or the other."
            )
            raise RowRefused("before_course", sentence)
        over = course_over_refusal(course, row.date_of_service)
        if over:
            raise RowRefused("course_over", over)
        if row.ends and row.ends < row.starts:
            raise RowRefused("bad_time", "The treatment ends before it starts.")

    def today_at(self, facility: Facility) -> date:
        return self.today or timezone.now().astimezone(facility.tz).date()

    def check_stamp(self, item: TreatmentRow | TakenBack, facility: Facility) -> None:
        """A clock that runs ahead would make every later correction the older version."""
        if item.said and item.said.date() > self.today_at(facility) + timedelta(days=1):
            sentence = (
                f"It says it was changed on {item.said.date()}, which is still to come. Set the "
                "clock of the record-and-verify system right and send it again."
            )
            raise RowRefused("future", sentence)


def read_reference_data(
    rows: Iterable[TreatmentRow], *, today: date | None, allowed: Collection[str] | None
) -> ReferenceData:
    """Read what these rows are checked against."""
    codes, mrns = set(), set()
    for row in rows:
        codes.add(row.course)
        mrns.add(row.mrn)
    courses = Course.objects.filter(code__any_of=codes, patient__mrn__any_of=mrns)
    found = courses.select_related("patient", "facility")
    former = Course.objects.filter(code__any_of=codes, patient__merged_here__mrn__any_of=mrns)
    merged = former.annotate(former_mrn=F("patient__merged_here__mrn"))
    merged = merged.select_related("patient", "facility")
    return ReferenceData(
        today=today,
        allowed=allowed,
        facilities={facility.code: facility for facility in Facility.objects.all()},
        courses={
            **{(course.former_mrn, course.code): course for course in merged},
            **{(course.patient.mrn, course.code): course for course in found},
        },
    )


def may_import_for(facility: Facility, allowed: Collection[str] | None) -> bool:
    """Whether a facility is among those allowed, which are all unless given."""
    return allowed is None or facility.code in allowed


def check_reviewer(row: TreatmentRow) -> None:
    """A number that cannot be an NPI must not become a person."""
    if row.reviewer_npi and not npi_is_valid(row.reviewer_npi):
        sentence = (
            f"Reviewed by npi “{row.reviewer_npi}” is not an NPI: its check digit does not fit. "
            "Correct the number, or leave it out and send the name."
        )
        raise RowRefused("bad_npi", sentence)


def check_offset(row: TreatmentRow, facility: Facility) -> None:
    """A message that names its offset from UTC must name the facility's on that day."""
    if row.utc_offset is None:
        return
    there = datetime.combine(row.date_of_service, row.starts, facility.tz).utcoffset()
    if row.utc_offset != there:
        sentence = (
            f"The time is given at another offset than {facility.time_zone}. Send local time."
        )
        raise RowRefused("bad_zone", sentence)

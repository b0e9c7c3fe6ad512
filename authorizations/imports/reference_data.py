"""Holding a row of an import against the books: facility, machine, patient, course, dates."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone

from accounts.database.constraints import npi_is_valid
from accounts.models import Facility
from accounts.web.text import shown_day
from authorizations.exchange.row_reader import RowRefused, not_found_here
from authorizations.exchange.treatments_csv import TakenBack, TreatmentRow
from authorizations.models import Course

LONGEST_LEAD = timedelta(days=30)  # a first fraction is put off, seldom brought forward


class ReferenceData:
    """The facilities, patients and courses that the rows of an import name."""

    def __init__(
        self, rows: Iterable[TreatmentRow], today: date | None, allowed: Collection[str] | None
    ) -> None:
        rows = list(rows)
        self.today, self.allowed = today, allowed
        self.facilities = {f.code: f for f in Facility.objects.all()}
        codes, mrns = {row.course for row in rows}, {row.mrn for row in rows}
        courses = Course.objects.filter(code__any_of=codes, patient__mrn__any_of=mrns)
        found = courses.select_related("patient", "facility")
        self.courses = {(course.patient.mrn, course.code): course for course in found}

    def facility(self, code: str) -> Facility:
        """A facility for whose rows this person may speak. Raises RowRefused."""
        facility = self.facilities.get(code)
        if facility is None:
            raise RowRefused("unknown_facility", f"Facility “{code}” is not in our book.")
        if not self.is_mine(facility):
            raise RowRefused("not_yours", f"You do not import for facility {facility.code}.")
        return facility

    def check(self, row: TreatmentRow) -> tuple[Facility, Course]:
        """Where and on which course. Raises RowRefused with what does not fit the books."""
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
        """Whether this person has no say in the facility of a course, wherever the line is from."""
        return not self.is_mine(course.facility)

    def is_mine(self, facility: Facility) -> bool:
        """Whether this person imports for a facility."""
        return self.allowed is None or facility.code in self.allowed

    def _check_course(self, row: TreatmentRow, course: Course, facility: Facility) -> None:
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
        if row.ends and row.ends < row.starts:
            raise RowRefused("bad_time", "The treatment ends before it starts.")

    def today_at(self, facility: Facility) -> date:
        return self.today or timezone.now().astimezone(facility.tz).date()

    def check_stamp(self, item: TreatmentRow | TakenBack, facility: Facility) -> None:
        """A clock that runs ahead would shut out every later correction."""
        if item.said and item.said.date() > self.today_at(facility) + timedelta(days=1):
            sentence = (
                f"It says it was changed on {item.said.date()}, which is still to come. Set the "
                "clock of the record-and-verify system right and send it again."
            )
            raise RowRefused("future", sentence)


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

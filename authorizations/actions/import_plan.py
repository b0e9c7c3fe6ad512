"""What an import would do, line by line, before anything is written."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from django.utils import timezone

from accounts.models import Facility
from authorizations.actions.occupancy import Occupancy
from authorizations.exchange.hl7 import is_hl7
from authorizations.exchange.reading import RowRefused
from authorizations.exchange.treatments_csv import RefusedRow, TreatmentRow, parse_treatments
from authorizations.exchange.treatments_hl7 import parse_messages
from authorizations.models import Course, GuidanceSession, ImportedRow, ImportRun, Patient

Outcome = ImportedRow.Outcome


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """What will become of one line, before anything is written."""

    file: int
    line: int
    record: str
    outcome: str
    kind: str = ""
    sentence: str = ""
    row: TreatmentRow | None = None
    adopts: int | None = None  # a session recorded by hand that this record is about
    repeats: int | None = None  # the session that already stands for this record


@dataclass
class ImportPlan:
    """Every line of every new file with its fate; files seen before are named, not read again."""

    hashes: list[str]
    positions: list[int] = field(default_factory=list)
    rows: list[PlannedRow] = field(default_factory=list)
    already_read: int = 0

    def names(self, given: Sequence[Path]) -> list[str]:
        """The names of the files that were read, out of all that were given."""
        return [given[position].name for position in self.positions]

    def count(self, outcome: str) -> int:
        return sum(1 for row in self.rows if row.outcome == outcome)

    @property
    def recorded(self) -> int:
        return self.count(Outcome.RECORDED)

    @property
    def repeated(self) -> int:
        return self.count(Outcome.REPEATED)

    @property
    def refused(self) -> list[PlannedRow]:
        return [row for row in self.rows if row.outcome == Outcome.REFUSED]


def plan_import(
    contents: Iterable[bytes],
    *,
    today: date | None = None,
    allowed: Collection[str] | None = None,
) -> ImportPlan:
    """Read the files and say what each line would do. Raises FileRefused; writes nothing.

    ``allowed`` are the codes of the facilities whose rows may be imported; all unless given.
    """
    plan = ImportPlan([])
    parsed: list[tuple[int, TreatmentRow | RefusedRow]] = []
    for position, content in enumerate(contents):
        digest = hashlib.sha256(content).hexdigest()
        if digest in plan.hashes or already_read(digest):
            plan.already_read += 1
            continue
        plan.hashes.append(digest)
        plan.positions.append(position)
        number = len(plan.hashes) - 1
        parsed += [(number, item) for item in read_treatments(content)]
    plan.rows = Judge([item for _, item in parsed], today, allowed).plan(parsed)
    return plan


def read_treatments(content: bytes) -> Iterable[TreatmentRow | RefusedRow]:
    """The rows of a daily export, CSV or HL7. Raises FileRefused."""
    return parse_messages(content) if is_hl7(content) else parse_treatments(content)


def already_read(digest: str) -> bool:
    return ImportRun.objects.filter(kind=ImportRun.Kind.TREATMENTS, sha256=digest).exists()


@dataclass(frozen=True, slots=True)
class Holder:
    """What stands for a fraction: a session (0 while it is only planned) and its record."""

    session: int
    record: str
    on: date
    is_delivered: bool

    def is_of(self, row: TreatmentRow) -> bool:
        """Whether the row is about the same treatment; without delivery a fraction stays due."""
        return self.on == row.date_of_service or (self.is_delivered and row.is_delivered)


class Judge:
    """Holds each row against the books and the sessions already there, in order of treatment."""

    def __init__(
        self,
        items: list[TreatmentRow | RefusedRow],
        today: date | None,
        allowed: Collection[str] | None = None,
    ) -> None:
        rows = [item for item in items if isinstance(item, TreatmentRow)]
        self.today, self.allowed = today, allowed
        self.facilities = {f.code: f for f in Facility.objects.all()}
        self.mrns = set(
            Patient.objects.filter(mrn__in={r.mrn for r in rows}).values_list("mrn", flat=True)
        )
        self.courses = {
            c.code: c
            for c in Course.objects.filter(code__in={r.course for r in rows}).select_related(
                "patient"
            )
        }
        live = GuidanceSession.objects.live().filter(course__code__in=self.courses)
        self.by_fraction: dict[tuple[int, int, int], list[Holder]] = defaultdict(list)
        for s in live:
            holder = Holder(s.pk, s.source_record, s.date_of_service, s.is_delivered)
            self.by_fraction[s.course_id, s.fraction, s.session_of_day].append(holder)
        self.occupancy = Occupancy(rows)
        self.by_record = dict(
            GuidanceSession.objects.filter(source_record__in={r.record for r in rows}).values_list(
                "source_record", "pk"
            )
        )

    def plan(self, parsed: list[tuple[int, TreatmentRow | RefusedRow]]) -> list[PlannedRow]:
        """The fate of each line: the first record of a fraction stands, by time and number."""
        planned = [
            self._refused(file, item) for file, item in parsed if isinstance(item, RefusedRow)
        ]
        rows = [(file, item) for file, item in parsed if isinstance(item, TreatmentRow)]
        rows.sort(key=lambda pair: (pair[1].date_of_service, pair[1].starts, pair[1].record))
        planned += [self._fate(file, row) for file, row in rows]
        return sorted(planned, key=lambda row: (row.file, row.line))

    @staticmethod
    def _refused(file: int, item: RefusedRow) -> PlannedRow:
        return PlannedRow(file, item.line, item.record, Outcome.REFUSED, item.kind, item.sentence)

    def _fate(self, file: int, row: TreatmentRow) -> PlannedRow:
        here = PlannedRow(file, row.line, row.record, Outcome.RECORDED, row=row)
        try:
            course = self._check(row)
            if row.record in self.by_record:
                return replace(here, outcome=Outcome.REPEATED, repeats=self.by_record[row.record])
            return self._place(here, row, course)
        except RowRefused as refusal:
            return refused(here, refusal)

    def _place(self, here: PlannedRow, row: TreatmentRow, course: Course) -> PlannedRow:
        """A free fraction is taken; one recorded by hand is recognised; any other is a double."""
        key = (course.pk, row.fraction, row.session_of_day)
        holder = next((h for h in self.by_fraction[key] if h.is_of(row)), None)
        if holder and holder.record:
            sentence = (
                f"Fraction {row.fraction} of course {row.course} is already recorded as "
                f"{holder.record}. If both were given, correct the fraction number."
            )
            raise RowRefused("duplicate_fraction", sentence)
        if holder:
            self.by_fraction[key].remove(holder)
        else:
            self.occupancy.claim(row, self.facilities[row.facility].tz)
        session = holder.session if holder else 0
        self.by_record[row.record] = session
        self.by_fraction[key].append(
            Holder(session, row.record, row.date_of_service, row.is_delivered)
        )
        if session:
            return replace(here, outcome=Outcome.REPEATED, adopts=session, repeats=session)
        return here

    def _check(self, row: TreatmentRow) -> Course:
        """The course of the row. Raises RowRefused with what does not fit the books."""
        facility = self.facilities.get(row.facility)
        if facility is None:
            raise RowRefused("unknown_facility", f"Facility “{row.facility}” is not in our book.")
        if self.allowed is not None and facility.code not in self.allowed:
            raise RowRefused("not_yours", f"You do not import for facility {facility.code}.")
        if facility.machines and row.machine not in facility.machines:
            known = ", ".join(facility.machines)
            sentence = f"Machine “{row.machine}” is not at {facility.code}, which has {known}."
            raise RowRefused("unknown_machine", sentence)
        check_offset(row, facility)
        if row.mrn not in self.mrns:
            raise RowRefused("unknown_mrn", "No patient with this MRN. Register the patient first.")
        course = self.courses.get(row.course)
        if course is None:
            raise RowRefused("unknown_course", f"Course “{row.course}” is not registered.")
        self._check_course(row, course, facility)
        return course

    def _check_course(self, row: TreatmentRow, course: Course, facility: Facility) -> None:
        if course.patient.mrn != row.mrn:
            raise RowRefused("course_of_another", "This course belongs to another MRN.")
        if not 1 <= row.fraction <= course.fractions_planned:
            sentence = (
                f"Fraction {row.fraction} is not one of the {course.fractions_planned} planned."
            )
            raise RowRefused("fraction_out_of_range", sentence)
        if not 1 <= row.session_of_day <= 3:
            raise RowRefused("bad_number", f"Session of day {row.session_of_day} is not 1, 2 or 3.")
        if row.date_of_service > (self.today or timezone.now().astimezone(facility.tz).date()):
            raise RowRefused("future", f"{row.date_of_service} is in the future: not yet treated.")
        if row.ends and row.ends < row.starts:
            raise RowRefused("bad_time", "The treatment ends before it starts.")


def refused(row: PlannedRow, refusal: RowRefused) -> PlannedRow:
    """A line that is not taken, with why."""
    return replace(
        row, outcome=Outcome.REFUSED, kind=refusal.kind, sentence=refusal.sentence, row=None
    )


def check_offset(row: TreatmentRow, facility: Facility) -> None:
    """A message that names its offset from UTC must name the facility's on that day."""
    there = datetime.combine(row.date_of_service, row.starts, facility.tz).utcoffset()
    if row.utc_offset is not None and row.utc_offset != there:
        sentence = (
            f"The time is given at another offset than {facility.time_zone}. Send local time."
        )
        raise RowRefused("bad_zone", sentence)

"""Importing the day from the record-and-verify system: look first, then write the good rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from accounts.constraints import npi_is_valid
from accounts.models import Facility, Provider, ProviderRole, User
from authorizations.actions.charges import capture_and_judge
from authorizations.exchange.reading import FileRefused, RowRefused
from authorizations.exchange.treatments_csv import RefusedRow, TreatmentRow, parse_treatments
from authorizations.models import (
    Course,
    GuidanceSession,
    ImageReview,
    ImportedRow,
    ImportRun,
    Patient,
)

Outcome = ImportedRow.Outcome
SHIFT_COLUMNS = ("shift_lr_mm", "shift_si_mm", "shift_ap_mm")
ROTATION_COLUMNS = ("pitch_deg", "roll_deg", "yaw_deg")


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


def plan_import(contents: Iterable[bytes], *, today: date | None = None) -> ImportPlan:
    """Read the files and say what each line would do. Raises FileRefused; writes nothing."""
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
        parsed += [(number, item) for item in parse_treatments(content)]
    plan.rows = Judge([item for _, item in parsed], today).plan(parsed)
    return plan


def already_read(digest: str) -> bool:
    return ImportRun.objects.filter(kind=ImportRun.Kind.TREATMENTS, sha256=digest).exists()


class Judge:
    """Holds each row against the books and the sessions already there, in order of treatment."""

    def __init__(self, items: list[TreatmentRow | RefusedRow], today: date | None) -> None:
        rows = [item for item in items if isinstance(item, TreatmentRow)]
        self.today = today
        self.facilities = {f.code: f for f in Facility.objects.all()}
        self.mrns = set(
            Patient.objects.filter(mrn__in={r.mrn for r in rows}).values_list("mrn", flat=True)
        )
        self.courses = {
            c.code: c
            for c in Course.objects.filter(code__in={r.course for r in rows}).select_related("patient")
        }
        live = GuidanceSession.objects.live().filter(course__code__in=self.courses)
        self.by_fraction = {
            (s.course_id, s.fraction, s.session_of_day): (s.pk, s.source_record) for s in live
        }
        self.by_record = dict(
            GuidanceSession.objects.filter(
                source_record__in={r.record for r in rows}
            ).values_list("source_record", "pk")
        )

    def plan(self, parsed: list[tuple[int, TreatmentRow | RefusedRow]]) -> list[PlannedRow]:
        """The fate of each line: the first record of a fraction stands, by time and number."""
        planned = [self._refused(file, item) for file, item in parsed if isinstance(item, RefusedRow)]
        rows = [(file, item) for file, item in parsed if isinstance(item, TreatmentRow)]
        rows.sort(key=lambda pair: (pair[1].date_of_service, pair[1].starts, pair[1].record))
        planned += [self._fate(file, row) for file, row in rows]
        return sorted(planned, key=lambda row: (row.file, row.line))

    @staticmethod
    def _refused(file: int, item: RefusedRow) -> PlannedRow:
        return PlannedRow(
            file, item.line, item.record, Outcome.REFUSED, item.kind, item.sentence
        )

    def _fate(self, file: int, row: TreatmentRow) -> PlannedRow:
        here = PlannedRow(file, row.line, row.record, Outcome.RECORDED, row=row)
        try:
            course = self._check(row)
        except RowRefused as refusal:
            return replace(
                here, outcome=Outcome.REFUSED, kind=refusal.kind, sentence=refusal.sentence, row=None
            )
        if row.record in self.by_record:
            return replace(here, outcome=Outcome.REPEATED, repeats=self.by_record[row.record])
        return self._place(here, row, course)

    def _place(self, here: PlannedRow, row: TreatmentRow, course: Course) -> PlannedRow:
        """A free fraction is taken; one recorded by hand is recognised; any other is a double."""
        key = (course.pk, row.fraction, row.session_of_day)
        holder, holder_record = self.by_fraction.get(key, (None, None))
        if holder_record:
            sentence = (
                f"Fraction {row.fraction} of course {row.course} is already recorded as "
                f"{holder_record}. If both were given, correct the fraction number."
            )
            return replace(
                here,
                outcome=Outcome.REFUSED,
                kind="duplicate_fraction",
                sentence=sentence,
                row=None,
            )
        self.by_fraction[key] = (holder or 0, row.record)
        self.by_record[row.record] = holder or 0
        if holder:
            return replace(here, outcome=Outcome.REPEATED, adopts=holder, repeats=holder)
        return here

    def _check(self, row: TreatmentRow) -> Course:
        """The course of the row. Raises RowRefused with what does not fit the books."""
        facility = self.facilities.get(row.facility)
        if facility is None:
            raise RowRefused("unknown_facility", f"Facility “{row.facility}” is not in our book.")
        if facility.machines and row.machine not in facility.machines:
            known = ", ".join(facility.machines)
            sentence = f"Machine “{row.machine}” is not at {facility.code}, which has {known}."
            raise RowRefused("unknown_machine", sentence)
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


class Clinicians:
    """Finds people by NPI, else by name; somebody unknown is kept as not in our book."""

    @cached_property
    def _by_npi(self) -> dict[str, Provider]:
        return {p.npi: p for p in Provider.objects.exclude(npi="")}

    @cached_property
    def _by_name(self) -> dict[str, Provider]:
        return {p.name: p for p in Provider.objects.order_by("-npi")}

    def find(self, name: str, npi: str = "") -> Provider | None:
        if npi in self._by_npi:
            return self._by_npi[npi]
        if not npi and not name:
            return None
        if not npi and name in self._by_name:
            return self._by_name[name]
        return self._remember(name or npi, npi)

    def _remember(self, name: str, npi: str) -> Provider:
        number = npi if npi_is_valid(npi) else ""
        provider, _ = Provider.objects.get_or_create(
            npi=number, name=name[:120], role=ProviderRole.UNKNOWN
        )
        self._by_npi[npi] = self._by_name[provider.name] = provider
        return provider


@transaction.atomic
def apply_import(plan: ImportPlan, *, by: User, on: date | None = None) -> list[ImportRun]:
    """Write the good rows of a plan, capture and judge their charges, keep every line's fate.

    ``on`` is the day of judgement (today at each facility unless given).
    """
    runs = [
        ImportRun.objects.create(kind=ImportRun.Kind.TREATMENTS, sha256=digest, started_by=by)
        for digest in plan.hashes
    ]
    sessions = create_sessions(plan, by)
    adopt_hand_entries(plan)
    by_record = {session.source_record: session.pk for session in sessions}
    ImportedRow.objects.bulk_create(
        imported_row(runs[row.file], row, by_record) for row in plan.rows
    )
    capture_and_judge(sessions, by=by, on=on)
    return runs


def imported_row(run: ImportRun, row: PlannedRow, by_record: dict[str, int]) -> ImportedRow:
    session = row.repeats or by_record.get(row.record)
    return ImportedRow(
        run=run,
        line=row.line,
        record=row.record[:40],
        outcome=row.outcome,
        kind=row.kind,
        sentence=row.sentence[:300],
        session_id=session if row.outcome != Outcome.REFUSED else None,
    )


def create_sessions(plan: ImportPlan, by: User) -> list[GuidanceSession]:
    """One session for each new record, with its review where the export carries one."""
    rows = [row.row for row in plan.rows if row.outcome == Outcome.RECORDED]
    courses = {c.code: c for c in Course.objects.filter(code__in={row.course for row in rows})}
    facilities = {f.code: f for f in Facility.objects.all()}
    clinicians = Clinicians()
    sessions = GuidanceSession.objects.bulk_create(
        new_session(row, courses[row.course], facilities[row.facility], clinicians, by)
        for row in rows
    )
    ImageReview.objects.bulk_create(
        new_review(row, session, clinicians, by)
        for row, session in zip(rows, sessions, strict=True)
        if row.reviewed
    )
    return sessions


def at(on: date, moment: time | None, facility: Facility) -> datetime | None:
    """A time of day as the facility's clocks showed it."""
    return datetime.combine(on, moment, tzinfo=facility.tz) if moment else None


def new_session(
    row: TreatmentRow, course: Course, facility: Facility, clinicians: Clinicians, by: User
) -> GuidanceSession:
    on = row.date_of_service
    return GuidanceSession(
        course=course,
        facility=facility,
        machine=row.machine,
        date_of_service=on,
        fraction=row.fraction,
        session_of_day=row.session_of_day,
        started_at=at(on, row.starts, facility),
        ended_at=at(on, row.ends, facility),
        is_delivered=row.is_delivered,
        delivery_code=row.delivery_code,
        modalities=list(row.modalities),
        image_at=at(on, row.imaged, facility),
        **dict(zip(SHIFT_COLUMNS, row.shifts, strict=True)),
        **dict(zip(ROTATION_COLUMNS, row.rotations, strict=True)),
        therapist=clinicians.find(row.therapist),
        source_record=row.record,
        recorded_by=by,
    )


def new_review(
    row: TreatmentRow, session: GuidanceSession, clinicians: Clinicians, by: User
) -> ImageReview:
    return ImageReview(
        session=session,
        reviewed_at=row.reviewed.replace(tzinfo=session.facility.tz),
        reviewed_by=clinicians.find(row.reviewer, row.reviewer_npi)
        or clinicians.find("not named"),
        recorded_by=by,
    )


def adopt_hand_entries(plan: ImportPlan) -> None:
    """A session typed by hand takes the record's number, so that it is one session for ever."""
    for row in plan.rows:
        if row.adopts:
            GuidanceSession.objects.filter(pk=row.adopts).update(source_record=row.record)


def read_and_import(
    contents: Iterable[bytes], *, by: User, on: date | None = None
) -> ImportPlan:
    """Plan and write in one go, for the command line. Raises FileRefused."""
    plan = plan_import(contents, today=on)
    apply_import(plan, by=by, on=on)
    return plan


__all__ = [
    "FileRefused",
    "ImportPlan",
    "PlannedRow",
    "apply_import",
    "plan_import",
    "read_and_import",
]

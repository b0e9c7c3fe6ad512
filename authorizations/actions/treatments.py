"""Importing the day from the record-and-verify system: look first, then write the good rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from functools import cached_property

from django.db import transaction

from accounts.constraints import npi_is_valid
from accounts.models import Facility, Provider, ProviderRole, User
from authorizations.actions.charges import capture_and_judge
from authorizations.actions.import_plan import ImportPlan, Outcome, PlannedRow, plan_import
from authorizations.actions.missed import withdraw_given
from authorizations.exchange.reading import FileRefused
from authorizations.exchange.treatments_csv import TreatmentRow
from authorizations.models import (
    Course,
    GuidanceSession,
    ImageReview,
    ImportedRow,
    ImportRun,
)

SHIFT_COLUMNS = ("shift_lr_mm", "shift_si_mm", "shift_ap_mm")
ROTATION_COLUMNS = ("pitch_deg", "roll_deg", "yaw_deg")


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
    withdraw_given(sessions, by=by)
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
        kept=row.row.kept if row.row else "",
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
        reviewed_by=clinicians.find(row.reviewer, row.reviewer_npi) or clinicians.find("not named"),
        recorded_by=by,
    )


def adopt_hand_entries(plan: ImportPlan) -> None:
    """A session typed by hand takes the record's number, so that it is one session for ever."""
    for row in plan.rows:
        if row.adopts:
            GuidanceSession.objects.filter(pk=row.adopts).update(source_record=row.record)


def read_and_import(contents: Iterable[bytes], *, by: User, on: date | None = None) -> ImportPlan:
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

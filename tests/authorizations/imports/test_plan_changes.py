"""Planning an import is a function of plain values: these tests have no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

from accounts.models import Facility
from authorizations.exchange.treatments_csv import TreatmentRow
from authorizations.imports.existing_records import ExistingRecords
from authorizations.imports.latest_versions import LatestVersions
from authorizations.imports.planner import PlannedChanges, plan_changes
from authorizations.imports.record_versions import RecordVersion, digest_of
from authorizations.models import Course, ImportedRow, Patient, RecordStatus, TreatmentRecord

Outcome = ImportedRow.Outcome
HERE = Facility(pk=1, code="HERE", time_zone="America/Chicago", machines=["TB1"])
COURSE = Course(pk=5, code="C1", patient=Patient(pk=9), facility=HERE, fractions_planned=20)
NOTHING = ExistingRecords(
    records={}, sessions={}, live={}, waiting=[], approvals={}, released=set(), corrections={}
)
ROW = TreatmentRow(
    line=2,
    record="R1",
    facility="HERE",
    machine="TB1",
    date_of_service=date(2026, 10, 5),
    starts=time(9),
    ends=None,
    mrn="M1",
    course="C1",
    fraction=1,
    session_of_day=1,
    is_delivered=True,
    delivery_code="77407",
    modalities=("cbct",),
    imaged=time(8, 56),
    shifts=(None, None, None),
    rotations=(None, None, None),
    therapist="",
    reviewer_npi="",
    reviewer="",
    reviewed=None,
)


def version(row: TreatmentRow | None, record: str = "R1", digest: str = "deleted") -> RecordVersion:
    return RecordVersion(
        line=2,
        record=record,
        reported_at=datetime(2026, 10, 6, tzinfo=UTC),
        digest=digest_of(row) if row else digest,
        facility=HERE,
        course=COURSE if row else None,
        row=row,
    )


def planned(*versions: RecordVersion, existing: ExistingRecords = NOTHING) -> PlannedChanges:
    return plan_changes(LatestVersions(latest={v.record: v for v in versions}), existing)


def test_a_record_of_which_nothing_exists_is_recorded():
    plan = planned(version(ROW))
    (change,) = plan.changes
    assert (change.status, change.is_created, change.session) == (RecordStatus.STANDS, True, None)
    assert [result.outcome for result in plan.results] == [Outcome.RECORDED]


def test_of_two_records_of_one_fraction_the_later_waits_in_either_order():
    first, later = version(ROW), version(replace(ROW, record="R2", starts=time(10)), "R2")
    for order in ((first, later), (later, first)):
        statuses = {change.record: change.status for change in planned(*order).changes}
        assert statuses == {"R1": RecordStatus.STANDS, "R2": RecordStatus.WAITS}


def test_a_deletion_of_what_never_came_is_remembered():
    plan = planned(version(None))
    (change,) = plan.changes
    assert (change.status, list(change.voids)) == (RecordStatus.TAKEN_BACK, [])
    assert [result.outcome for result in plan.results] == [Outcome.TAKEN_BACK]


def test_a_version_that_counts_already_changes_nothing_but_when_it_was_reported():
    sent = version(ROW)
    row = TreatmentRecord(
        record="R1",
        said_at=datetime(2026, 10, 5, 12, tzinfo=UTC),
        digest=sent.digest,
        standing=RecordStatus.STANDS,
        facility=HERE,
        course=COURSE,
    )
    plan = planned(sent, existing=replace(NOTHING, records={"R1": row}))
    (change,) = plan.changes
    assert change.version.reported_at == sent.reported_at
    assert not change.is_created
    assert [result.outcome for result in plan.results] == [Outcome.REPEATED]

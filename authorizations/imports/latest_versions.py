"""The latest version of each record of an import; every other line is answered here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils import timezone

from authorizations.exchange.row_reader import RowRefused
from authorizations.exchange.treatments_csv import (
    Item,
    PassedOver,
    RefusedRow,
    TakenBack,
    TreatmentRow,
)
from authorizations.imports.record_changes import (
    Outcome,
    RowResult,
    not_found_result,
    passed_result,
    refused_result,
    version_result,
)
from authorizations.imports.record_versions import DELETED, RecordVersion, digest_of
from authorizations.imports.reference_data import ReferenceData

LATER_IN_IMPORT = "A later state of this record is in this import."
Numbered = list[tuple[int, Item]]  # the file of each item


@dataclass(slots=True, kw_only=True)
class LatestVersions:
    """One version of each record, and what became of the lines that do not count."""

    latest: dict[str, RecordVersion] = field(default_factory=dict)
    elsewhere: dict[str, RecordVersion] = field(default_factory=dict)  # on others' courses
    results: list[RowResult] = field(default_factory=list)


def choose_versions(items: Numbered, reference: ReferenceData) -> LatestVersions:
    """Check each line against the reference data and choose the latest version of each record.

    The sender of a line on a course of another facility reads what any unknown line reads; the
    course's facility decides about it.
    """
    found, now = LatestVersions(), timezone.now()
    versions: dict[str, list[RecordVersion]] = defaultdict(list)
    for order, (file, item) in enumerate(items, 1):
        if isinstance(item, PassedOver):
            found.results.append(passed_result(file=file, item=item))
            continue
        try:
            version = checked_version(file, item, reference, order=order, now=now)
        except RowRefused as refusal:
            found.results.append(
                refused_result(file=file, line=item.line, record=item.record, refusal=refusal)
            )
            continue
        if version.course and reference.is_elsewhere(version.course):
            found.results.append(not_found_result(version))
            others = [found.elsewhere.get(version.record, version), version]
            found.elsewhere[version.record] = max(others, key=lambda each: each.rank)
        else:
            versions[version.record].append(version)
    for group in versions.values():
        version, others = latest_of(group)
        found.latest[version.record] = version
        for other in others:
            sentence = "" if other.digest == version.digest else LATER_IN_IMPORT
            found.results.append(version_result(other, Outcome.REPEATED, sentence=sentence))
    return found


def checked_version(
    file: int,
    item: TreatmentRow | TakenBack | RefusedRow,
    reference: ReferenceData,
    *,
    order: int,
    now: datetime,
) -> RecordVersion:
    """A line as a version of its record. Raises RowRefused where it is wrong."""
    if isinstance(item, RefusedRow):
        raise RowRefused(item.kind, item.sentence)
    if isinstance(item, TreatmentRow):
        facility, course = reference.check(item)
        row, digest = item, digest_of(item)
    else:
        facility = reference.facility(item.facility)
        reference.check_stamp(item, facility)
        course, row, digest = None, None, DELETED
    stamp = item.said
    if stamp is not None and stamp.tzinfo is None:
        stamp = stamp.replace(tzinfo=facility.tz)
    return RecordVersion(
        file=file,
        line=item.line,
        record=item.record,
        reported_at=stamp or now,
        order=0 if stamp else order,
        digest=digest,
        facility=facility,
        course=course,
        row=row,
        kept=item.kept,
    )


def latest_of(group: Sequence[RecordVersion]) -> tuple[RecordVersion, list[RecordVersion]]:
    """The version of the highest rank, on the first line that has its values; and the others."""
    best = max(group, key=lambda each: each.rank)
    first = next(each for each in group if each.digest == best.digest)
    others = [each for each in group if each is not first]
    if first is not best:
        first = replace(first, reported_at=best.reported_at, order=best.order)
    return first, others

"""What an import would do to each record: the latest word of each, placed, beside what stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.utils import timezone

from authorizations.exchange.row_reader import NOT_FOUND_HERE, NOT_FOUND_KIND, RowRefused
from authorizations.exchange.treatments_csv import Item, RefusedRow, TakenBack, TreatmentRow
from authorizations.imports.existing_records import ExistingRecords
from authorizations.imports.record_changes import Outcome, RowResult
from authorizations.imports.record_versions import DELETED, RecordVersion, digest_of
from authorizations.imports.reference_data import ReferenceData
from authorizations.models import RecordStatus
from authorizations.verdicts.locks import lock_patients

Numbered = list[tuple[int, Item]]  # the file of each item


class LatestVersions:
    """The words of an import, held against the books: the latest of each record, and the rest."""

    def __init__(
        self, items: Numbered, today: date | None, allowed: Collection[str] | None
    ) -> None:
        self.now = timezone.now()
        self.rows: list[RowResult] = []
        self.latest: dict[str, RecordVersion] = {}
        self.for_others: dict[str, RecordVersion] = {}  # on courses of facilities not one's own
        self.books = ReferenceData(
            (item for _, item in items if isinstance(item, TreatmentRow)), today, allowed
        )
        said: dict[str, list[RecordVersion]] = defaultdict(list)
        for order, (file, item) in enumerate(items, 1):
            statement = self._statement(file, item, order)
            if statement and statement.course and self.books.is_elsewhere(statement.course):
                self._leave_to_others(statement)
            elif statement:
                said[statement.record].append(statement)
        for group in said.values():
            self._choose(group)

    def _statement(self, file: int, item: Item, order: int) -> RecordVersion | None:
        if isinstance(item, RefusedRow):
            self.refuse(file, item.line, item.record, RowRefused(item.kind, item.sentence))
            return None
        try:
            return self._checked(file, item, order)
        except RowRefused as refusal:
            self.refuse(file, item.line, item.record, refusal)
            return None

    def refuse(self, file: int, line: int, record: str, refusal: RowRefused) -> None:
        self.rows.append(
            RowResult(file, line, record, Outcome.REFUSED, refusal.kind, refusal.sentence)
        )

    def _checked(self, file: int, item: TreatmentRow | TakenBack, order: int) -> RecordVersion:
        course, row, digest = None, None, DELETED
        if isinstance(item, TreatmentRow):
            facility, course = self.books.check(item)
            row, digest = item, digest_of(item)
        else:
            facility = self.books.facility(item.facility)
            self.books.check_stamp(item, facility)
        said = item.said
        if said is not None and said.tzinfo is None:
            said = said.replace(tzinfo=facility.tz)
        return RecordVersion(
            file,
            item.line,
            item.record,
            said or self.now,
            0 if said else order,
            digest,
            facility,
            course,
            row,
            item.kept,
        )

    def _leave_to_others(self, statement: RecordVersion) -> None:
        """The sender reads what any unknown line is told; the course's facility decides."""
        self.not_found(statement)
        before = self.for_others.get(statement.record)
        if before is None or statement.rank > before.rank:
            self.for_others[statement.record] = statement

    def not_found(self, statement: RecordVersion) -> None:
        self.answer(statement, Outcome.REFUSED, NOT_FOUND_KIND, NOT_FOUND_HERE)

    def _choose(self, group: list[RecordVersion]) -> None:
        """The latest word counts; its first line speaks for it."""
        best = max(group, key=lambda each: each.rank)
        main = next(each for each in group if each.digest == best.digest)
        main.said_at, main.order = best.said_at, best.order
        self.latest[main.record] = main
        for other in group:
            if other is not main:
                is_same = other.digest == main.digest
                sentence = "" if is_same else "A later state of this record is in this import."
                self.repeat(other, sentence)

    def repeat(self, statement: RecordVersion, sentence: str = "") -> None:
        self.answer(statement, Outcome.REPEATED, sentence=sentence)

    def answer(
        self, statement: RecordVersion, outcome: str, kind: str = "", sentence: str = ""
    ) -> None:
        """What becomes of the line of a statement."""
        self.rows.append(
            RowResult(
                statement.file,
                statement.line,
                statement.record,
                outcome,
                kind,
                sentence[:300],
                statement.kept,
            )
        )


def known_for(words: LatestVersions, *, is_locked: bool) -> ExistingRecords:
    """What stands for the patients of these statements, their courses locked if asked."""
    statements = list(words.latest.values())
    records = {statement.record for statement in statements}
    courses = [statement.course for statement in statements if statement.course]
    numbers = records | set(words.for_others)
    known = ExistingRecords(numbers)
    patients = known.patients(records, courses)
    if is_locked:
        lock_patients(patients)
        if known.by_record:
            known = ExistingRecords(numbers)  # a hand may have changed them before the lock
    known.read_patients(patients)
    return known


def is_news(statement: RecordVersion, known: ExistingRecords) -> bool:
    """Whether this is a later word than the one that counts so far, and another."""
    row = known.records.get(statement.record)
    if row is None:
        session = known.by_record.get(statement.record)
        is_later = session is None or statement.said_at > session.recorded_at
        return is_later or bool(statement.order)
    if statement.digest == row.digest:
        return False
    if statement.order:
        return True
    stands = (row.said_at, row.digest == DELETED, row.digest)
    return (statement.said_at, statement.digest == DELETED, statement.digest) > stands


def old_news(statement: RecordVersion, known: ExistingRecords) -> str:
    """Why a word changes nothing: it was said before, or something later was."""
    row = known.records.get(statement.record)
    if row is None or row.digest == statement.digest:
        return ""
    if row.standing == RecordStatus.TAKEN_BACK:
        return "This record was taken back later; it stays so."
    return "A later state of this record is known; it stays so."

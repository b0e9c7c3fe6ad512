"""What of an import is news, and what about it a person must decide."""

from __future__ import annotations

from collections.abc import Iterator

from authorizations.exchange.row_reader import RowRefused
from authorizations.imports.conflict_rules import (
    CHARGE_RELEASED,
    conflict_of,
    is_taken_back_here,
    is_unbound,
    sent_by,
)
from authorizations.imports.latest_versions import LatestVersions, is_news, known_for
from authorizations.imports.record_changes import NOTHING_STOOD, Outcome
from authorizations.imports.record_versions import Difference, RecordVersion, difference
from authorizations.imports.slots import (
    SlotRequest,
    request_of_row,
    request_of_session,
    request_of_waiting,
)
from authorizations.models import GuidanceSession
from authorizations.models.treatment_records import COURSE_ELSEWHERE


class Comparison:
    """News apart from repetitions, conflicts apart from news; and the slots that all ask for."""

    def __init__(
        self, words: LatestVersions, *, is_locked: bool = False, taken_over: str = ""
    ) -> None:
        """``taken_over`` is the record about which a person decided for the system."""
        self.words, self.taken_over = words, taken_over
        self.known = known_for(words, is_locked=is_locked)
        self.news: dict[str, RecordVersion] = {}
        self.changes: dict[str, Difference] = {}
        self.conflicts: dict[str, RowRefused] = {}
        self.old: list[RecordVersion] = []
        for statement in words.latest.values():
            self._weigh(statement)

    def session(self, record: str) -> GuidanceSession | None:
        return self.known.by_record.get(record)

    def _weigh(self, statement: RecordVersion) -> None:
        """New words apart from old ones, and those that a person must decide about."""
        if self._is_number_elsewhere(statement):
            return
        session = self.session(statement.record)
        if statement.record != self.taken_over and not is_news(statement, self.known):
            self.old.append(statement)
            return
        self.news[statement.record] = statement
        if session is None:
            return
        if session.voided_at is None and self.words.books.is_elsewhere(session.course):
            self.conflicts[statement.record] = RowRefused(COURSE_ELSEWHERE, sent_by(statement))
            return
        change = None if statement.row is None else self.difference_from(statement, session)
        conflict = conflict_of(self.known, session, statement, change)
        if conflict and (statement.record != self.taken_over or conflict.kind == CHARGE_RELEASED):
            self.conflicts[statement.record] = conflict
        elif conflict and change:
            change.review = "replace"

    def _is_number_elsewhere(self, statement: RecordVersion) -> bool:
        """Whether the record number is another facility's: answered as an unknown one is."""
        record, here = statement.record, statement.facility.pk
        session, row = self.session(record), self.known.records.get(record)
        where = session.facility_id if session else row.facility_id if row else here
        if where == here:
            return False
        if row and not session and is_unbound(row):
            del self.known.records[record]  # it named nothing that was recorded there
            return False
        if statement.row is None and self.words.books.allowed is not None:
            self.words.answer(statement, Outcome.TAKEN_BACK, sentence=NOTHING_STOOD)
        else:
            self.words.not_found(statement)
        return True

    def difference_from(
        self, statement: RecordVersion, session: GuidanceSession, *, is_typed: bool = False
    ) -> Difference:
        change = difference(
            statement,
            session,
            self.known.approvals.get(session.pk),
            is_carried=self.known.is_carried(statement.record, session),
            by_hand=self._by_hand(statement, session),
            is_typed=is_typed,
        )
        self.changes[statement.record] = change
        return change

    def _by_hand(self, statement: RecordVersion, session: GuidanceSession | None) -> set[str]:
        """What a person corrected since; nothing where a person decided for the system."""
        if session is None or statement.record == self.taken_over:
            return set()
        return self.known.corrected_since(session, statement.said_at)

    def is_out(self, record: str) -> bool:
        """Whether a person took the session of this record back, and did not think again."""
        is_back = is_taken_back_here(self.known, self.session(record))
        return is_back and record != self.taken_over

    def slot_requests(self) -> Iterator[SlotRequest]:
        """What stands, what waits and what is new, all asking for their slots."""
        known = self.known
        for session in known.live.values():
            record = session.source_record
            if record not in self.news or record in self.conflicts:
                yield request_of_session(session, is_protected=known.is_settled(session))
        for row in known.waiting:
            if row.record not in self.news:
                yield request_of_waiting(row)
        for record, statement in self.news.items():
            session = self.session(record)
            if statement.row is None or record in self.conflicts or self.is_out(record):
                continue
            live = session if session and not session.voided_at else None
            yield request_of_row(
                statement.row,
                statement.course,
                statement.facility,
                session=live,
                corrected=self._by_hand(statement, live),
                is_protected=bool(live) and known.is_settled(live),
            )

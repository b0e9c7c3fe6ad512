"""Deciding about each record: recorded, corrected, taken back, waiting, or left to a person."""

from __future__ import annotations

from accounts.models import Facility
from authorizations.exchange.row_reader import RowRefused
from authorizations.imports.compare import Comparison
from authorizations.imports.conflict_rules import conflict_of, is_unbound, sent_by
from authorizations.imports.latest_versions import LatestVersions, is_news, old_news
from authorizations.imports.record_changes import (
    GAVE_WAY,
    MOVED,
    NOTHING_STOOD,
    TAKEN_BACK,
    Outcome,
    RecordChange,
    describe_changes,
    gives_way,
    said_again,
)
from authorizations.imports.record_versions import (
    Difference,
    RecordVersion,
    waiting_row,
    wanted_cells,
    warn_of_times,
)
from authorizations.imports.slots import assign_slots
from authorizations.models import GuidanceSession, RecordStatus, TreatmentRecord
from authorizations.models.treatment_records import COURSE_ELSEWHERE


class Planner(Comparison):
    """The steps of an import, and what becomes of each of its lines (in ``words.rows``)."""

    def __init__(
        self, words: LatestVersions, *, is_locked: bool = False, taken_over: str = ""
    ) -> None:
        super().__init__(words, is_locked=is_locked, taken_over=taken_over)
        self.steps: list[RecordChange] = []
        self.moved: list[tuple[str, str]] = []
        self.said_again: list[TreatmentRecord] = []
        self.slots = assign_slots(self.slot_requests() if self.news else ())
        for statement in self.news.values():
            self._decide(statement)
        for statement in self.old:
            self._answer_old(statement)
        for statement in words.for_others.values():
            self._ask_others(statement)
        self._settle_others()

    def _decide(self, statement: RecordVersion) -> None:
        record, session = statement.record, self.session(statement.record)
        live = session if session and not session.voided_at else None
        if record in self.conflicts:
            self._leave(statement, self.conflicts[record], session)
        elif statement.row is None:
            self._take_back(statement, live)
        elif session and self.is_out(record):
            self._remember(statement, session, RecordStatus.STANDS)
        elif record in self.slots.refusals:
            self._wait(statement, self.slots.refusals[record], live)
        elif record in self.slots.typed:
            self._adopt(statement, self.known.live[self.slots.typed[record]], live)
        elif live:
            self._change(statement, live, self.changes[record])
        else:
            self._create(statement, session)

    def _add(self, step: RecordChange) -> RecordChange:
        before = self.known.records.get(step.record)
        step.sent_by = before.sent_by_id if before else None
        step.is_typed = step.is_linked or bool(
            before and before.is_typed and step.session and before.session_id == step.session
        )
        if step.adds_review or (step.is_created and step.row.reviewed):
            step.review_said_at = step.said_at
        elif before and step.session and before.session_id == step.session:
            step.review_said_at = before.review_said_at
        self.steps.append(step)
        return step

    def _leave(
        self,
        statement: RecordVersion,
        why: RowRefused,
        session: GuidanceSession | None,
        **given: bool,
    ) -> None:
        """A person decides: what stands is left as it is, what was said is kept."""
        step = RecordChange.of(
            statement, RecordStatus.CONFLICT, session=session.pk if session else None
        )
        step.wanted, step.kind, step.sentence = wanted_cells(statement.row), why.kind, why.sentence
        step.is_linked = given.get("is_linked", False)
        step.course = step.course or (session.course if session else None)
        self._add(step)
        if why.kind == COURSE_ELSEWHERE:
            self.words.not_found(statement)
        else:
            self.words.answer(statement, Outcome.CONFLICT, why.kind, why.sentence)

    def _ask_others(self, statement: RecordVersion) -> None:
        """A line on a course of another facility is kept for that facility to decide.

        It never touches what this facility's own lines say of the same record.
        """
        record = statement.record
        row, session = self.known.records.get(record), self.session(record)
        is_here = row is not None and row.facility_id == statement.facility.pk
        is_accepted = is_here and session and self.words.books.is_elsewhere(session.course)
        is_free = session is None and (row is None or is_unbound(row))
        if record in self.words.latest or not (is_accepted or is_free):
            return
        if is_here and not is_news(statement, self.known):
            return
        step = RecordChange.of(
            statement, RecordStatus.CONFLICT, session=session.pk if session else None
        )
        step.wanted, step.kind = wanted_cells(statement.row), COURSE_ELSEWHERE
        step.sentence = sent_by(statement)
        self._add(step)

    def _take_back(self, statement: RecordVersion, live: GuidanceSession | None) -> None:
        step = RecordChange.of(
            statement, RecordStatus.TAKEN_BACK, session=live.pk if live else None
        )
        step.course = live.course if live else None
        step.voids = [(live.pk, TAKEN_BACK)] if live else []
        self._add(step)
        sentence = "" if live else NOTHING_STOOD
        self.words.answer(statement, Outcome.TAKEN_BACK, sentence=sentence)

    def _remember(
        self, statement: RecordVersion, session: GuidanceSession, standing: str, sentence: str = ""
    ) -> None:
        self._add(RecordChange.of(statement, standing, session=session.pk))
        self.words.repeat(statement, sentence)

    def _wait(
        self, statement: RecordVersion, why: RowRefused, live: GuidanceSession | None
    ) -> None:
        """Its place is taken: it is kept, and stands when the place becomes free."""
        step = RecordChange.of(statement, RecordStatus.WAITS, session=live.pk if live else None)
        step.voids = [(live.pk, GAVE_WAY)] if live else []
        step.wanted, step.kind, step.sentence = wanted_cells(statement.row), why.kind, why.sentence
        self._add(step)
        self.words.answer(statement, Outcome.REFUSED, why.kind, why.sentence)

    def _create(self, statement: RecordVersion, before: GuidanceSession | None) -> None:
        step = RecordChange.of(statement, RecordStatus.STANDS, is_created=True)
        step.frees = [before.pk] if before else []
        self._add(step)
        self.words.answer(statement, Outcome.RECORDED, sentence=warn_of_times(statement))

    def _adopt(
        self, statement: RecordVersion, typed: GuidanceSession, live: GuidanceSession | None
    ) -> None:
        """A session typed by hand is this record: it takes its number and what the machine says."""
        change = self.difference_from(statement, typed, is_typed=True)
        why = conflict_of(self.known, typed, statement, change)
        if why and live is None:
            self._leave(statement, why, typed, is_linked=True)
            return
        if why:
            self._leave(statement, why, live)
            return
        if change.is_moved:
            change.review = "replace"
        before = self.session(statement.record)
        step = self._change(statement, typed, change, is_linked=True)
        step.voids += [(live.pk, MOVED)] if live else []
        step.frees += [before.pk] if before else []

    def _change(
        self,
        statement: RecordVersion,
        session: GuidanceSession,
        change: Difference,
        *,
        is_linked: bool = False,
    ) -> RecordChange:
        step = RecordChange.of(
            statement, RecordStatus.STANDS, session=session.pk, is_linked=is_linked
        )
        step.values, step.adds_review = change.values, change.review == "add"
        if change.is_moved or change.review == "replace":
            step.voids, step.frees = [(session.pk, MOVED)], [session.pk]
            step.is_created, step.is_linked, step.session = True, False, None
            step.values, step.adds_review = {}, False
        self._add(step)
        if change:
            sentence = describe_changes(statement, session, change, is_typed=is_linked)
            warning = warn_of_times(statement)
            self.words.answer(
                statement, Outcome.CORRECTED, sentence=f"{warning} {sentence}".strip()
            )
        else:
            self.words.repeat(statement)
        return step

    def _answer_old(self, statement: RecordVersion) -> None:
        row = self.known.records.get(statement.record)
        if row and row.kind == COURSE_ELSEWHERE and statement.row is None:
            self.words.answer(statement, Outcome.TAKEN_BACK, sentence=NOTHING_STOOD)
        elif row and row.kind == COURSE_ELSEWHERE:
            self.words.not_found(statement)
        elif row and row.digest == statement.digest:
            self._answer_same(statement, row)
        else:
            self.words.repeat(statement, old_news(statement, self.known))

    def _answer_same(self, statement: RecordVersion, row: TreatmentRecord) -> None:
        """The same word again: answered as it stands, its later moment remembered."""
        if not statement.order and statement.said_at > row.said_at:
            row.said_at = statement.said_at
            self.said_again.append(row)
        if row.standing == RecordStatus.CONFLICT:
            self.words.answer(statement, Outcome.CONFLICT, row.kind, row.sentence)
        elif row.standing == RecordStatus.WAITS and self._is_freed(row):
            self.words.answer(statement, Outcome.RECORDED)
        elif row.standing == RecordStatus.WAITS:
            self.words.answer(statement, Outcome.REFUSED, row.kind, row.sentence)
        else:
            self.words.repeat(statement)

    def _settle_others(self) -> None:
        """Records of no line: those whose place became free, those that give way."""
        for row in self.known.waiting:
            if self._is_freed(row):
                self._revive(row)
        for session in self.known.live.values():
            record = session.source_record
            why = self.slots.refusals.get(record) if record else None
            if why and record not in self.news:
                self._give_way(session, why)
        written = {step.record for step in self.steps}
        self.steps += [said_again(row) for row in self.said_again if row.record not in written]

    def _is_freed(self, row: TreatmentRecord) -> bool:
        is_placed = bool(self.news) and row.record not in self.slots.refusals
        return row.record not in self.news and is_placed

    def _revive(self, row: TreatmentRecord) -> None:
        statement = RecordVersion(
            0,
            0,
            row.record,
            row.said_at,
            0,
            row.digest,
            row.facility,
            row.course,
            waiting_row(row),
        )
        lines = len(self.words.rows)
        if row.record in self.slots.typed:
            self._adopt(statement, self.known.live[self.slots.typed[row.record]], None)
        else:
            self._create(statement, self.session(row.record))
        del self.words.rows[lines:]
        self._tell_moved(row.record, row.facility, "Its place became free: it is recorded now.")

    def _give_way(self, session: GuidanceSession, why: RowRefused) -> None:
        before = self.known.records.get(session.source_record)
        approval = self.known.approvals.get(session.pk)
        self.steps.append(gives_way(session, approval, before, why))
        record = session.source_record
        self._tell_moved(record, session.facility, f"It gives way. {why.sentence}")

    def _tell_moved(self, record: str, facility: Facility, sentence: str) -> None:
        """What becomes of a record of no line, told to those who import for its facility."""
        if self.words.books.is_mine(facility):
            self.moved.append((record, sentence))

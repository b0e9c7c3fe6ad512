"""The spreadsheet in which a front desk keeps its authorizations: rows of one number, one
request.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction

from accounts.models import Facility, User
from authorizations import workflow
from authorizations.exceptions import Refused
from authorizations.exchange.department_csv import Row
from authorizations.exchange.row_reader import RowRefused
from authorizations.imports.spreadsheet_changes import (
    UNANSWERED,
    SheetChange,
    comparable_number,
    compare,
    decided_on,
    evidence,
    without_repeats,
)
from authorizations.imports.spreadsheet_decisions import answers_of, letter_of, note_of
from authorizations.imports.spreadsheet_extensions import NumberedRow, requests_of_number
from authorizations.imports.spreadsheet_lookup import SheetLookup
from authorizations.imports.spreadsheet_matching import existing_request
from authorizations.imports.spreadsheet_requests import new_line, new_request
from authorizations.models import (
    AuthorizationEvent,
    Course,
    LineDecision,
    MachineChannel,
    PriorAuthorization,
    RequestType,
)
from authorizations.prior_authorizations.actions import (
    make_authorization_move,
    write_authorization_event,
)
from authorizations.prior_authorizations.decisions import (
    LineAnswer,
    record_answer,
    write_line_answers,
)
from payers.models import Plan

Outcome = tuple[int, str | Exception]  # the line of a row, and what became of it


class LineRefused(Exception):
    """One line of a request cannot be taken: its row in the sheet, and why."""

    def __init__(self, number: int, error: ValidationError) -> None:
        super().__init__(number)
        self.number, self.error = number, error


def waits_for(number: int) -> RowRefused:
    """The refusal of the other lines of that request."""
    sentence = f"Line {number} belongs to the same request and is refused: correct that one."
    return RowRefused("waits", sentence)


class AuthorizationSheet:
    """Turns grouped rows into requests with lines; remembers whose courses it touched."""

    def __init__(
        self,
        by: User,
        allowed: Collection[str] | None = None,
        channel: MachineChannel | None = None,
    ) -> None:
        """Without a machine channel, approvals are asserted until their document is attached."""
        self.by, self.allowed, self.channel = by, allowed, channel
        self.touched: set[int] = set()
        self.lookup = SheetLookup((), allowed)

    def load(self, rows: list[tuple[int, Row]]) -> Iterator[Outcome]:
        """Each row's line number with what became of it, or the error."""
        known: list[NumberedRow] = []
        lookup = self.lookup = SheetLookup((row["mrn"] for _, row in rows), self.allowed)
        for number, row in rows:
            try:
                known.append((number, lookup.completed(row)))
            except RowRefused as refusal:
                yield number, refusal
        ordered = sorted(known, key=lambda pair: (group_key(pair[1]), pair[0]))
        for _, grouped in groupby(ordered, key=lambda pair: group_key(pair[1])):
            yield from self.load_requests(requests_of_number(list(grouped)))

    def load_requests(self, parts: list[list[NumberedRow]]) -> Iterator[Outcome]:
        """The requests of one number; one that follows a refused one waits for it."""
        followed: PriorAuthorization | None = None
        refused: RowRefused | None = None
        for place, part in enumerate(parts):
            outcomes: list[Outcome] = [(number, refused or "") for number, _ in part]
            if refused is None:
                before = [[row for _, row in rows] for rows in parts[:place]]
                outcomes, followed = self.load_request(part, before, followed)
            if refused is None and followed is None:
                refused = waits_for(next(n for n, e in outcomes if isinstance(e, Exception)))
            yield from outcomes

    def load_request(
        self, group: list[NumberedRow], before: list[list[Row]], followed: PriorAuthorization | None
    ) -> tuple[list[Outcome], PriorAuthorization | None]:
        """What became of each row of one request, and the request; none where it is refused."""
        repeated: list[int] = []
        request: PriorAuthorization | None = None
        outcomes: list[Outcome] = []
        outcome: str | Exception
        try:
            group, repeated = without_repeats(group)
            with transaction.atomic():
                outcome, request = self.take(group, before, followed)
        except LineRefused as refusal:
            outcomes.append((refusal.number, refusal.error))
            group = [pair for pair in group if pair[0] != refusal.number]
            outcome = waits_for(refusal.number)
        except (Refused, workflow.IllegalMove) as error:
            outcome = RowRefused("refused", str(error))
        except (RowRefused, ValidationError, IntegrityError, DataError) as error:
            outcome = error
        outcomes += [(number, outcome) for number, _ in group]
        again = "repeated" if isinstance(outcome, str) else outcome
        return outcomes + [(number, again) for number in repeated], request

    def take(
        self, group: list[NumberedRow], before: list[list[Row]], followed: PriorAuthorization | None
    ) -> tuple[str, PriorAuthorization]:
        """The rows of one request: added, updated by the payer's answer, or unchanged.

        ``before`` are the requests of the same number that the sheet has before it; the last of
        them is ``followed``, as an extension follows it.
        """
        rows = [row for _, row in group]
        course, plan, facility = self.resolve(rows[0])
        check_group(rows)
        found = existing_request([*before, rows], course, plan)
        if found is None:
            return "added", self.add(group, course, plan, facility, followed)
        if found.course_id != course.pk:
            sentence = "This number is already used by another course of the same plan."
            raise RowRefused("number_of_another", sentence)
        change = compare(found, rows)
        if not change:
            return "unchanged", found
        if change.is_confirmation(found, rows):
            self.confirm(found, rows)
        elif change.is_answer and found.status in UNANSWERED:
            self.update(found, rows, change)
        else:
            raise RowRefused("different", change.sentence)
        return "updated", found

    def add(
        self,
        group: list[NumberedRow],
        course: Course,
        plan: Plan,
        facility: Facility,
        followed: PriorAuthorization | None,
    ) -> PriorAuthorization:
        """A request with its lines, as the sheet has it. Raises LineRefused for a line."""
        rows = [row for _, row in group]
        request = new_request(rows[0], course, plan, facility, self.by)
        if followed is not None:
            request.supersedes, request.request_type = followed, RequestType.EXTENSION
        lines = [new_line(row) for row in rows]
        request.status = workflow.header_status([line.decision for line in lines])
        is_served = self.channel and self.channel.serves(course.facility)
        request.evidence_channel = self.channel if is_served else None
        request.full_clean()
        request.save()
        for (number, _), line in zip(group, lines, strict=True):
            line.authorization = request
            try:
                line.full_clean()
            except ValidationError as error:
                raise LineRefused(number, error) from error
            line.save()
        self.remember(request, rows)
        self.touched.add(course.pk)
        return request

    def confirm(self, found: PriorAuthorization, rows: list[Row]) -> None:
        """What was decided by telephone is in writing now: the evidence, and its date."""
        fresh = PriorAuthorization.objects.select_for_update().get(pk=found.pk)
        is_served = self.channel and self.channel.serves(found.course.facility)
        fresh.evidence, fresh.decided_on = evidence(rows), decided_on(rows) or fresh.decided_on
        fresh.evidence_channel = self.channel if is_served else None
        fresh.full_clean()
        fresh.save(update_fields=["evidence", "decided_on", "evidence_channel"])
        reason = f"{fresh.get_evidence_display()}, by the spreadsheet"
        write_authorization_event(fresh, "prove", fresh.status, self.by, reason=reason)
        self.touched.add(found.course_id)

    def update(self, found: PriorAuthorization, rows: list[Row], change: SheetChange) -> None:
        """What the payer answered meanwhile, written down as on the request's page."""
        answers = answers_of(found, rows)
        decisions = {answer.decision for answer in answers}
        if decisions == {LineDecision.REQUESTED}:
            self.number(found, rows[0], change)
        elif decisions <= {LineDecision.REQUESTED, LineDecision.PENDED}:
            self.pend(found, rows, answers)
        else:
            record_answer(found, letter_of(found, rows, answers), self.by)
        self.touched.add(found.course_id)

    def pend(self, found: PriorAuthorization, rows: list[Row], answers: list[LineAnswer]) -> None:
        """The payer wants more before it decides."""
        write_line_answers(found, answers)
        reason = note_of(rows)
        number = rows[0]["number"] or found.number
        make_authorization_move(
            authorization=found,
            verb="pend",
            by=self.by,
            reason=reason,
            pend_reason=reason,
            number=number,
        )

    def number(self, found: PriorAuthorization, row: Row, change: SheetChange) -> None:
        """A request that waits still, and has got its number."""
        if set(change.differing) != {"authorization number"} or not row["number"]:
            raise RowRefused("different", change.sentence)
        fresh = PriorAuthorization.objects.select_for_update().get(pk=found.pk)
        fresh.number = row["number"]
        fresh.full_clean()
        fresh.save(update_fields=["number"])
        write_authorization_event(
            fresh, "import", fresh.status, self.by, reason="Number from the spreadsheet"
        )

    def remember(self, request: PriorAuthorization, rows: list[Row]) -> None:
        """The event keeps the rows as they came."""
        raw = [{k: str(v) for k, v in row.items() if v is not None} for row in rows]
        AuthorizationEvent.objects.create(
            authorization=request,
            verb="import",
            new_status=request.status,
            reason="Loaded from the front desk's spreadsheet",
            details={"rows": raw},
            by=self.by,
        )

    def resolve(self, row: Row) -> tuple[Course, Plan, Facility]:
        """Where a completed row belongs. The lookup has found each."""
        course = self.lookup.course_of(row)
        return course, self.lookup.plans[row["plan"].lower()], self.lookup.places[row["facility"]]


def group_key(row: Row) -> tuple[str, ...]:
    """Rows of one number are one request; without a number those of one course, plan and day."""
    number = comparable_number(row["number"])
    day = "" if number else row["submitted_on"].isoformat()
    return (number, row["mrn"], row["course"], row["plan"], day)


def check_group(rows: list[Row]) -> None:
    """Refuse what no letter of a payer can contain."""
    for row in rows:
        for column in ("submitted_on", "urgency", "facility"):
            if row[column] != rows[0][column]:
                sentence = (
                    f"The rows of this request differ in {column.replace('_', ' ')}: one request "
                    "has one. Correct the sheet."
                )
                raise RowRefused("different", sentence)
        if row["decided_on"] and row["decided_on"] < row["submitted_on"]:
            raise RowRefused("bad_date", "The decision is dated before the request.")
        if row["valid_through"] and not row["valid_from"]:
            raise RowRefused("bad_date", "There is a last day of approval, but no first day.")
        if row["status"] in ("approved", "partially_approved") and not row["number"]:
            raise RowRefused(
                "blank_number", "An approval carries the payer's authorization number."
            )

"""A department's registration, courses and authorization spreadsheet as CSV files of one folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from authorizations.exchange.bounds import refusing_the_unreadable
from authorizations.exchange.row_reader import (
    Line,
    RowRefused,
    check_cells,
    decode,
    parse_choice,
    parse_count,
    parse_date,
    parse_time,
    read_lines,
    required,
    stands_for_nothing,
)
from coding.rules.modalities import MODALITIES

YES_NO = ("yes", "no")
LINE_STATUSES = ("submitted", "pended", "approved", "partially_approved", "denied")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """One file: its name, its columns and how a line becomes values."""

    name: str
    columns: tuple[str, ...]
    parse: Callable[[Line], Row]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that cannot be taken: file, line number, kind and sentence."""

    file: str
    line: int
    kind: str
    sentence: str


def read_table(table: Table, content: bytes) -> list[tuple[int, Row] | Refusal]:
    """Each line with its number and values, or its refusal. Raises FileRefused."""
    with refusing_the_unreadable():
        return [read_row(table, item) for item in read_lines(decode(content), table.columns)]


def read_row(table: Table, item: Line | tuple[int, RowRefused]) -> tuple[int, Row] | Refusal:
    """The values of a line, or why it cannot be taken."""
    if not isinstance(item, Line):
        number, refusal = item
        return Refusal(table.name, number, refusal.kind, refusal.sentence)
    try:
        check_cells(item, {})
        return item.number, table.parse(item)
    except RowRefused as refusal:
        return Refusal(table.name, item.number, refusal.kind, refusal.sentence)


def need(line: Line, column: str) -> str:
    return required(line, column, f"blank_{column}")


def optional_date(line: Line, column: str) -> date | None:
    text = line.text(column)
    return parse_date(text, column) if text else None


def read_submission(line: Line) -> tuple[date | None, time | None]:
    """The day a request was submitted, and its time where the sheet has one."""
    text = line.text("submitted_on")
    if not text:
        return None, None
    day, _, clock = text.replace("T", " ", 1).partition(" ")
    when = parse_time(clock.strip(), "submitted_on") if clock.strip() else None
    return parse_date(day, "submitted_on"), when


def yes(line: Line, column: str) -> bool:
    return parse_choice(line.text(column).lower(), column, YES_NO, f"bad_{column}") == "yes"


def facility(line: Line) -> Row:
    return {
        "code": need(line, "code"),
        "name": need(line, "name"),
        "place_of_service": need(line, "place_of_service"),
        "npi": line.text("npi"),
        "state": need(line, "state"),
        "time_zone": need(line, "timezone"),
        "machines": [name for name in line.text("machines").split("|") if name],
    }


def provider(line: Line) -> Row:
    return {
        "npi": line.text("npi"),
        "name": need(line, "name"),
        "role": need(line, "role"),
        "taxonomy": line.text("taxonomy"),
    }


def plan(line: Line) -> Row:
    return {
        "code": need(line, "plan"),
        "payer": need(line, "payer"),
        "line_of_business": need(line, "line_of_business"),
        "is_required": yes(line, "course_authorization_required"),
        "rejects_26": yes(line, "rejects_modifier_26"),
        "timely_filing": need(line, "timely_filing"),
    }


def patient_row(line: Line) -> Row:
    return {
        "mrn": need(line, "mrn"),
        "last_name": need(line, "last_name"),
        "first_name": need(line, "first_name"),
        "date_of_birth": parse_date(line.text("date_of_birth"), "date_of_birth"),
        "sex": parse_choice(line.text("sex") or "U", "sex", ("F", "M", "U"), "bad_sex"),
    }


def coverage(line: Line) -> Row:
    ranks = ("primary", "secondary", "tertiary")
    return {
        "mrn": need(line, "mrn"),
        "plan": need(line, "plan"),
        "member_id": need(line, "member_id"),
        "rank": parse_choice(line.text("rank") or "primary", "rank", ranks, "bad_rank"),
        "effective_from": parse_date(line.text("effective_from"), "effective_from"),
        "effective_through": optional_date(line, "effective_through"),
    }


def course(line: Line) -> Row:
    modality = line.text("guidance_modality")
    return {
        "code": need(line, "course"),
        "mrn": need(line, "mrn"),
        "facility": need(line, "facility"),
        "physician_npi": need(line, "physician_npi"),
        "diagnosis": need(line, "diagnosis").upper(),
        "body_site": need(line, "body_site"),
        "technique": need(line, "technique"),
        "delivery_code": need(line, "delivery_code").upper(),
        "guidance_modality": parse_choice(
            modality, "guidance_modality", tuple(MODALITIES), "bad_modality"
        ),
        "guidance_ordered_on": optional_date(line, "guidance_ordered_on"),
        "fractions_planned": parse_count(line.text("fractions_planned"), "fractions_planned"),
        "fractions_per_day": parse_count(line.text("fractions_per_day"), "fractions_per_day"),
        "first_fraction_on": parse_date(line.text("first_fraction_on"), "first_fraction_on"),
        "has_motion_management": yes(line, "motion_management"),
    }


def authorization_row(line: Line) -> Row:
    number = line.text("authorization_number")
    statuses, evidences = LINE_STATUSES, ("letter", "portal", "phone", "none")
    urgencies = ("standard", "expedited")
    status = parse_choice(line.text("status"), "status", statuses, "bad_status")
    submitted_on, submitted_time = read_submission(line)
    decided_on = optional_date(line, "decided_on")
    units_approved = units_of(line, is_denied=status == "denied")
    return {
        "number": "" if stands_for_nothing(number) else number,
        "mrn": need(line, "mrn"),
        "course": line.text("course"),
        "plan": line.text("plan"),
        "facility": line.text("facility"),
        "status": status,
        "urgency": parse_choice(line.text("urgency"), "urgency", urgencies, "bad_urgency"),
        "submitted_on": day_asked(submitted_on, decided_on, status),
        "submitted_time": submitted_time,
        "decided_on": decided_on,
        "code": need(line, "code").upper(),
        "modifier": line.text("modifier").upper(),
        "units_requested": units_asked(line, units_approved),
        "units_approved": units_approved,
        "valid_from": optional_date(line, "valid_from"),
        "valid_through": optional_date(line, "valid_through"),
        "evidence": parse_choice(
            line.text("evidence").lower() or "none", "evidence", evidences, "bad_evidence"
        ),
        "note": line.cells["notes"].strip(),
    }


def day_asked(submitted_on: date | None, decided_on: date | None, status: str) -> date:
    """The day of the request; of an answered one without it, the day of the answer.

    No clock runs for an answered request, so its deadline does not depend on that day.
    """
    if submitted_on:
        return submitted_on
    if decided_on and status not in ("submitted", "pended"):
        return decided_on
    raise RowRefused("bad_date", "Submitted on is empty, and there is no day of a decision either.")


def units_asked(line: Line, approved: int | None) -> int:
    """The units asked for; where the sheet has none, those approved."""
    text = line.text("units_requested")
    if text or approved is None:
        return parse_count(text, "units_requested")
    return approved


def units_of(line: Line, *, is_denied: bool) -> int | None:
    """The units approved; a nought beside a denial says that there are none."""
    text = line.text("units_approved")
    units = parse_count(text, "units_approved") if text else None
    return None if is_denied and units == 0 else units


def columns(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TABLES = (
    Table(
        "facilities.csv",
        columns("code name place_of_service npi state timezone machines"),
        facility,
    ),
    Table("providers.csv", columns("npi name role taxonomy"), provider),
    Table(
        "plans.csv",
        columns(
            "plan payer line_of_business course_authorization_required rejects_modifier_26 "
            "timely_filing"
        ),
        plan,
    ),
    Table("patients.csv", columns("mrn last_name first_name date_of_birth sex"), patient_row),
    Table(
        "coverages.csv",
        columns("mrn plan member_id rank effective_from effective_through"),
        coverage,
    ),
    Table(
        "courses.csv",
        columns(
            "course mrn facility physician_npi diagnosis body_site technique delivery_code "
            "guidance_modality guidance_ordered_on fractions_planned fractions_per_day "
            "first_fraction_on motion_management"
        ),
        course,
    ),
    Table(
        "authorizations.csv",
        columns(
            "authorization_number mrn course plan facility status urgency submitted_on decided_on "
            "code modifier units_requested units_approved valid_from valid_through evidence notes"
        ),
        authorization_row,
    ),
)

"""A row of the front desk's spreadsheet compared with its request: the same, new, or different.

Every column is compared. Only what the payer newly answered is taken over; whatever else differs is
named with both values, and a person changes it on the request's page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from authorizations.exchange.department_csv import Row
from authorizations.exchange.row_reader import RowRefused
from authorizations.models import AuthorizedService, Evidence, LineDecision, PriorAuthorization

DECISIONS = {
    "submitted": LineDecision.REQUESTED,
    "pended": LineDecision.PENDED,
    "approved": LineDecision.APPROVED,
    "partially_approved": LineDecision.REDUCED,
    "denied": LineDecision.DENIED,
}
STATUS_OF = {decision: status for status, decision in DECISIONS.items()}
IN_WRITING = (Evidence.LETTER, Evidence.PORTAL)
UNANSWERED = ("submitted", "pended")
ANSWER = (
    "authorization number", "status", "decided on", "units approved", "valid from",
    "valid through", "evidence", "notes",
)  # fmt: skip
Key = tuple[str, str]


@dataclass
class SheetChange:
    """How the rows of a request differ from it: columns with both values, and missing lines."""

    differing: dict[str, tuple[str, str]] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.differing or self.dropped or self.added)

    @property
    def is_answer(self) -> bool:
        """Whether nothing but the payer's answer is new."""
        names = {name.partition(" of ")[0] for name in self.differing}
        return not self.dropped and not self.added and names <= set(ANSWER)

    def is_confirmation(self, found: PriorAuthorization, rows: list[Row]) -> bool:
        """Whether the sheet has in writing what was decided by telephone, and nothing else."""
        names = {name.partition(" of ")[0] for name in self.differing}
        is_written = found.evidence == Evidence.PHONE and evidence(rows) in IN_WRITING
        is_alike = not self.dropped and not self.added
        return is_written and is_alike and names <= {"evidence", "decided on", "notes"}

    @property
    def sentence(self) -> str:
        """What differs, for the person who has to change one of the two."""
        parts = [f"line {line} stands here and not in the sheet" for line in self.dropped]
        parts += [f"line {line} stands in the sheet and not here" for line in self.added]
        parts += [
            f"{name} is {here or 'empty'} here and {there or 'empty'} in the sheet"
            for name, (here, there) in self.differing.items()
        ]
        return (
            f"This request is already here and differs: {'; '.join(parts)}. Change it on its page, "
            "or correct the sheet."
        )


def comparable_number(number: str) -> str:
    """A payer's number as it is compared: case, spaces and hyphens are how people copy it."""
    return "".join(c for c in number.upper() if c.isalnum())


def decision_of(row: Row) -> str:
    """The payer's decision about the line; fewer units than asked for: with changes."""
    decision = DECISIONS[row["status"]]
    approved = row["units_approved"]
    if decision == LineDecision.APPROVED and approved and approved < row["units_requested"]:
        return LineDecision.REDUCED
    return decision


def without_repeats(group: list[tuple[int, Row]]) -> tuple[list[tuple[int, Row]], list[int]]:
    """The lines of a request, each once, and the numbers of the rows that repeat one.

    Raises RowRefused where two rows of one line differ.
    """
    first: dict[Key, Row] = {}
    kept, repeated = [], []
    for number, row in group:
        key = (row["code"], row["modifier"])
        if key not in first:
            first[key] = row
            kept.append((number, row))
        elif as_compared(row) == as_compared(first[key]) or confirms(first[key], row):
            repeated.append(number)
        elif confirms(row, first[key]):
            place = next(n for n, (_, other) in enumerate(kept) if other is first[key])
            repeated.append(kept[place][0])
            first[key], kept[place] = row, (number, row)
        else:
            names = [n for n, v in as_compared(row).items() if v != as_compared(first[key])[n]]
            sentence = (
                f"Line {line_name(key)} of this request stands in the sheet twice with another "
                f"{', '.join(names).replace('_', ' ')}. Leave one of the two."
            )
            raise RowRefused("different", sentence)
    return kept, repeated


def confirms(row: Row, other: Row) -> bool:
    """Whether a row has in writing what another has by telephone, and nothing else."""
    here, there = as_compared(row), as_compared(other)
    differing = {name for name in here if here[name] != there[name]}
    is_written = here["evidence"] in IN_WRITING and there["evidence"] == Evidence.PHONE
    return is_written and differing <= {"evidence", "decided_on", "note"}


def as_compared(row: Row) -> dict[str, Any]:
    return {**row, "number": comparable_number(row["number"])}


def line_name(key: Key) -> str:
    return "-".join(part for part in key if part)


def compare(found: PriorAuthorization, rows: list[Row]) -> SheetChange:
    """Every column of the rows, compared with the request and its lines."""
    change = SheetChange()
    lines = {(line.code, line.modifier): line for line in found.lines.all()}
    asked = {(row["code"], row["modifier"]): row for row in rows}
    change.dropped = [line_name(key) for key in lines if key not in asked]
    change.added = [line_name(key) for key in asked if key not in lines]
    pairs = [*request_values(found, rows)]
    for key, row in asked.items():
        if key in lines:
            where = f" of {line_name(key)}" if len(asked) > 1 else ""
            pairs += [(f"{n}{where}", a, b) for n, a, b in line_values(found, lines[key], row)]
    change.differing = {
        name: (shown_value(here), shown_value(there))
        for name, here, there in pairs
        if here != there
    }
    if comparable_number(found.number) == comparable_number(rows[0]["number"]):
        change.differing.pop("authorization number", None)
    return change


def request_values(found: PriorAuthorization, rows: list[Row]) -> list[tuple[str, Any, Any]]:
    """What all rows of a request share: here and in the sheet."""
    received = (found.received_on or found.submitted_at).astimezone(found.course.facility.tz)
    row = rows[0]
    return [
        ("authorization number", found.number, row["number"]),
        ("facility", found.facility.code, row["facility"]),
        ("urgency", str(found.urgency), row["urgency"]),
        ("submitted on", received.date(), row["submitted_on"]),
        ("decided on", found.decided_on, decided_on(rows)),
        ("evidence", str(found.evidence), evidence(rows)),
    ]


def line_values(
    found: PriorAuthorization, line: AuthorizedService, row: Row
) -> list[tuple[str, Any, Any]]:
    """What a row has about its line: here and in the sheet."""
    note = line.reason or found.note
    return [
        ("status", STATUS_OF[line.decision], STATUS_OF[decision_of(row)]),
        ("units requested", line.units_requested, row["units_requested"]),
        ("units approved", line.units_approved, row["units_approved"]),
        ("valid from", line.valid_from, row["valid_from"]),
        ("valid through", line.valid_through, row["valid_through"]),
        ("notes", " ".join(note.split())[:200], " ".join(row["note"].split())[:200]),
    ]


def decided_on(rows: list[Row]) -> date | None:
    return max((row["decided_on"] for row in rows if row["decided_on"]), default=None)


def evidence(rows: list[Row]) -> str:
    return next((row["evidence"] for row in rows if row["evidence"] != "none"), "none")


def shown_value(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)

"""The payer's answer as a row of the spreadsheet has it, put as a letter."""

from __future__ import annotations

from authorizations.exchange.department_csv import Row
from authorizations.exchange.row_reader import RowRefused
from authorizations.imports.spreadsheet_changes import decided_on, decision_of, evidence
from authorizations.models import PriorAuthorization
from authorizations.prior_authorizations.decisions import Letter, LineAnswer


def answers_of(found: PriorAuthorization, rows: list[Row]) -> list[LineAnswer]:
    """The payer's answer for each line, as the sheet has it."""
    lines = {(line.code, line.modifier): line for line in found.lines.all()}
    return [
        LineAnswer(
            line=lines[row["code"], row["modifier"]],
            decision=decision_of(row),
            units_approved=row["units_approved"],
            valid_from=row["valid_from"],
            valid_through=row["valid_through"],
            reason=row["note"][:200],
        )
        for row in rows
    ]


def letter_of(found: PriorAuthorization, rows: list[Row], answers: list[LineAnswer]) -> Letter:
    """The payer's decision as the sheet has it. Raises RowRefused where it has no date."""
    on = decided_on(rows)
    if on is None:
        raise RowRefused("bad_date", "Decided on is empty: a decision has the date of its letter.")
    number = rows[0]["number"] or found.number
    return Letter(on, evidence(rows), answers, number, note_of(rows))


def note_of(rows: list[Row]) -> str:
    """What the sheet notes about the answer."""
    return next((row["note"][:200] for row in rows if row["note"]), "as noted in the spreadsheet")

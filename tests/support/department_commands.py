"""A made-up department as files in a folder, brought in by the commands, and its answers."""

from __future__ import annotations

import csv
from pathlib import Path

from django.core.management import call_command

from tests.support import department as sample
from tests.support.department_cases import TODAY


def write_files(made: sample.Department, where: Path) -> None:
    (where / "treatments").mkdir()
    for name, text in made.files.items():
        (where / name).write_text(text)
    for name, text in sample.treatment_files(made).items():
        (where / "treatments" / name).write_text(text)


def load(where: Path) -> None:
    call_command("import_department", where, verbosity=0)
    call_command("import_treatments", *sorted((where / "treatments").iterdir()), as_of=TODAY)


def answers(where: Path) -> list[tuple[str, str, str]]:
    """(record, answer, billed) as exported, the answer written as the department writes it."""
    call_command("export_verdicts", where / "verdicts.csv", as_of=TODAY)
    with (where / "verdicts.csv").open(newline="") as file:
        return [short_answer(row) for row in csv.DictReader(file)]


def short_answer(row: dict[str, str]) -> tuple[str, str, str]:
    leading = row["rules"].split(";")[0]
    is_named = row["disposition"] not in ("pass", "IMPORTED_ONCE")
    answer = f"{row['disposition']}:{leading}" if is_named else row["disposition"]
    return row["record_id"], answer, row["billed"]

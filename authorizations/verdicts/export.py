"""The verdict of every record ever seen, judged as of a day, refused rows included."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from authorizations.models import Charge, ChargeStatus, Course, ImportedRow
from authorizations.verdicts.facts import CourseData, RuleBooks, charge_facts
from coding.rules import Verdict, review

COLUMNS = ("record_id", "disposition", "rules", "billed")
Row = dict[str, str]


def export_rows(as_of: date) -> Iterator[Row]:
    """One row for each line of each treatment file, by record number.

    ``rules`` names the findings, the leading one first, or the kind of a refusal; ``billed`` is the
    line of a charge that passes. A record seen again is said to be imported once.
    """
    verdicts = judge_all(as_of)
    told: set[str] = set()
    for row in ImportedRow.objects.filter(run__kind="treatments").order_by("record", "id"):
        yield verdict_row(row, verdicts, is_told=row.record in told)
        if row.outcome != ImportedRow.Outcome.REFUSED:
            told.add(row.record)


def verdict_row(
    row: ImportedRow, verdicts: dict[int, tuple[Charge, Verdict]], *, is_told: bool
) -> Row:
    if row.outcome == ImportedRow.Outcome.REFUSED:
        return export_row(row, "ROW_ERROR", row.kind)
    if is_told:
        return export_row(row, "IMPORTED_ONCE")
    charge, verdict = verdicts.get(row.session_id, (None, None))
    if charge is None or verdict is None:
        return export_row(row, "NO_CHARGE")
    numbers = ";".join(f.number for f in verdict.findings if f.severity.name != "NOTE")
    billed = charge.line if verdict.disposition in ("pass", "WARN") else ""
    return export_row(row, verdict.disposition, numbers, billed)


def export_row(row: ImportedRow, disposition: str, rules: str = "", billed: str = "") -> Row:
    return dict(zip(COLUMNS, (row.record, disposition, rules, billed), strict=True))


def judge_all(as_of: date) -> dict[int, tuple[Charge, Verdict]]:
    """Every live charge judged as of that day; nothing is stored."""
    books = RuleBooks()
    verdicts: dict[int, tuple[Charge, Verdict]] = {}
    for course in Course.objects.filter(sessions__isnull=False).distinct():
        file = CourseData(course)
        for session in file.sessions:
            charge = file.charges.get(session.pk)
            if charge and charge.status != ChargeStatus.VOID:
                facts = charge_facts(file, session, charge, as_of, books)
                verdicts[session.pk] = (charge, review(facts))
    return verdicts

"""The verdict of every record ever seen, judged as of a day, refused rows included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from authorizations.facts import Books, CourseFile, charge_facts
from authorizations.models import Charge, ChargeStatus, Course, ImportedRow
from coding.rules import Verdict, review

COLUMNS = ("record_id", "disposition", "rules", "billed")
Row = dict[str, str]


def export_rows(as_of: date) -> Iterator[Row]:
    """One row for each line of each treatment file, by record number.

    ``rules`` names the findings, the leading one first, or the kind of a refusal; ``billed`` is the
    line of a charge that passes.
    """
    verdicts = judge_all(as_of)
    rows = list(ImportedRow.objects.filter(run__kind="treatments").order_by("record", "id"))
    seen = Counter(row.record for row in rows if row.outcome != ImportedRow.Outcome.REFUSED)
    done: set[str] = set()
    for row in rows:
        yield verdict_row(row, verdicts, seen[row.record] > 1, row.record in done)
        done.add(row.record)


def verdict_row(
    row: ImportedRow, verdicts: dict[int, tuple[Charge, Verdict]], is_repeated: bool, is_done: bool
) -> Row:
    if row.outcome == ImportedRow.Outcome.REFUSED:
        return dict(zip(COLUMNS, (row.record, "ROW_ERROR", row.kind, ""), strict=True))
    charge, verdict = verdicts.get(row.session_id, (None, None))
    if charge is None or verdict is None:
        return dict(zip(COLUMNS, (row.record, "no_charge", "", ""), strict=True))
    passes = verdict.disposition in ("pass", "WARN")
    billed = charge.line if passes and not is_done else ""
    if is_repeated:
        return dict(zip(COLUMNS, (row.record, "IMPORTED_ONCE", "", billed), strict=True))
    numbers = ";".join(f.number for f in verdict.findings if f.severity.name != "NOTE")
    return dict(zip(COLUMNS, (row.record, verdict.disposition, numbers, billed), strict=True))


def judge_all(as_of: date) -> dict[int, tuple[Charge, Verdict]]:
    """Every live charge judged as of that day; nothing is stored."""
    books = Books()
    verdicts: dict[int, tuple[Charge, Verdict]] = {}
    for course in Course.objects.filter(sessions__isnull=False).distinct():
        file = CourseFile(course)
        for session in file.sessions:
            charge = file.charges.get(session.pk)
            if charge and charge.status != ChargeStatus.VOID:
                facts = charge_facts(file, session, charge, as_of, books)
                verdicts[session.pk] = (charge, review(facts))
    return verdicts

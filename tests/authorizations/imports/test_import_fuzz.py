"""Whatever stands in a file: it is read or refused, by every door, and nothing else happens."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authorizations.exchange.column_mapping import read_mapped
from authorizations.exchange.department_csv import TABLES, Refusal, read_table
from authorizations.exchange.row_reader import FileRefused
from authorizations.exchange.sheet_tables import read_sheet_table
from authorizations.exchange.treatments_csv import parse_treatments
from authorizations.exchange.treatments_hl7 import parse_messages
from authorizations.imports.actions import read_and_import
from authorizations.imports.plan import plan_import
from tests import factories as make
from tests.support.hl7_messages import message
from tests.support.mapped_files import MAPPED
from tests.support.treatment_pages import HEADING, line
from tests.support.treatment_rows import ROW

WORDS = "² 25:99 0001-01-01 9999-12-31 1_0 '' N/A 2026-10-05T09:00Z -0 1e999 MSH|^~\\&| ٣ =1+1 \""
ODD = st.sampled_from([*WORDS.split(), "", "\0", "\x1b", "9" * 5000, "x" * 500])
CELLS = st.one_of(ODD, st.text(max_size=12))


def fill(text: str, cells: list[tuple[int, str]], mark: str) -> str:
    """A good file with some of its cells replaced."""
    parts = text.split(mark)
    for place, cell in cells:
        parts[place % len(parts)] = cell
    return mark.join(parts)


CHANGES = st.lists(st.tuples(st.integers(0, 400), CELLS), max_size=6)


@given(CHANGES)
@settings(max_examples=80, deadline=None)
def test_any_cells_of_a_csv_are_read_or_refused(changes):
    text = HEADING + fill(ROW + ROW.replace("R1", "R2"), changes, ",")
    must_explain(parse_treatments, text.encode("utf-8", "replace"))
    must_explain(read_mapped, text.encode("utf-8", "replace"), MAPPED)


@given(CHANGES)
@settings(max_examples=80, deadline=None)
def test_any_fields_of_a_message_are_read_or_refused(changes):
    text = fill(message() + message(record="R2"), changes, "|")
    must_explain(parse_messages, text.encode("utf-8", "replace"))


@given(st.binary(max_size=300))
@settings(max_examples=80, deadline=None)
def test_any_bytes_are_read_or_refused(content):
    for head in (b"", b"MSH|^~\\&|", b"PK\x03\x04", HEADING.encode()):
        must_explain(sheet_lines, head + content, "sheet")
        must_explain(parse_treatments, head + content)
        must_explain(parse_messages, head + content)


@given(st.integers(0, 5), CHANGES)
@settings(max_examples=60, deadline=None)
def test_any_cells_of_a_department_are_read_or_refused(which, changes):
    table = TABLES[which % len(TABLES)]
    row = ",".join(["2026-10-05"] * len(table.columns))
    text = ",".join(table.columns) + "\n" + fill(row, changes, ",")
    must_explain(read_table, table, text.encode("utf-8", "replace"))


@pytest.mark.django_db
@given(CHANGES)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_a_preview_takes_can_be_written(course, approved, changes):
    text = HEADING + fill(line(course) + line(course, "R2", "2"), changes, ",")
    content = text.encode("utf-8", "replace")
    try:
        looked = plan_import([content])
        read_and_import([content], by=make.UserFactory())
    except FileRefused:
        return
    assert len(looked.rows) >= looked.good


def sheet_lines(content: bytes, name: str):
    return read_sheet_table(content, name).lines


def must_explain(read, *given) -> None:
    """What is refused, the file or a row of it, says why in words; any other error fails."""
    try:
        items = list(read(*given))
    except FileRefused as refusal:
        items = [refusal]
    sentences = [said for item in items for said in sentences_of(item)]
    assert all(len(sentence.split()) > 2 for sentence in sentences), sentences


def sentences_of(item) -> list[str]:
    """Why a file or a row is refused; nothing for one that is read."""
    if isinstance(item, Refusal):
        return [item.sentence]
    parts = item if isinstance(item, tuple) else (item,)
    return [str(part) for part in parts if isinstance(part, Exception)]

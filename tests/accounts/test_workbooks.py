"""Workbooks that are larger than they look are refused at once, in a sentence."""

from __future__ import annotations

import io
import re
import time
import zipfile

import pytest
from openpyxl import Workbook

from accounts.readers import Unreadable
from accounts.workbooks import Bounds, workbook_rows
from authorizations.exchange.row_reader import FileRefused
from authorizations.exchange.sheet_tables import read_sheet_table
from coding.imports.sheets import MalformedFile, rows_of

BOUNDS = Bounds(unpacked_bytes=1024 * 1024, rows=100, columns=50, seconds=5)
DIMENSION = re.compile(r"<dimension[^>]*/>")


def workbook(cells: dict[str, object]) -> bytes:
    book = Workbook()
    for place, value in cells.items():
        book.active[place] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(content: bytes, member: str, change) -> bytes:
    """The same workbook with one of its files written anew."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info.filename, change(data) if info.filename == member else data)
    return out.getvalue()


def claiming(content: bytes, dimension: str) -> bytes:
    """A workbook whose sheet claims another size than it has."""
    text = f'<dimension ref="{dimension}"/>'.encode()
    return changed(
        content,
        "xl/worksheets/sheet1.xml",
        lambda data: re.sub(rb"<dimension[^>]*/>", text, data),
    )


@pytest.mark.parametrize("size", ["A1:XFD3000", "A1:XFD1048576", "A1:A1"])
def test_what_a_sheet_says_of_its_size_is_not_believed(size):
    content = claiming(workbook({"A1": "a", "B1": "b", "A2": 1, "B2": 2, "A3": 3, "B3": 4}), size)
    begun = time.monotonic()
    assert len(read_sheet_table(content, "sheet.xlsx").lines) == 3
    assert len(list(rows_of(content, "sheet.xlsx"))) == 3
    assert time.monotonic() - begun < 1


@pytest.mark.parametrize(
    ("place", "said"), [("XFD30", "reaches to column XFD in row 30"), ("A5000", "beyond row 100")]
)
def test_a_cell_far_away_is_named(place, said):
    with pytest.raises(Unreadable, match=said):
        list(workbook_rows(workbook({"A1": "a", place: " "}), BOUNDS))


@pytest.mark.parametrize("place", ["XFD3000", "XFD1048576"])
def test_both_doors_refuse_a_stray_cell_within_a_second(place):
    content = workbook({"A1": "HCPCS", place: " "})
    begun = time.monotonic()
    with pytest.raises(FileRefused, match="reaches"):
        read_sheet_table(content, "sheet.xlsx")
    if place == "XFD3000":
        with pytest.raises(MalformedFile, match="reaches to column XFD"):
            list(rows_of(content, "sheet.xlsx"))
    assert time.monotonic() - begun < 1.5


def test_a_member_that_grows_when_unpacked_is_refused_unread():
    content = changed(
        workbook({"A1": "a"}), "xl/worksheets/sheet1.xml", lambda data: data + b" " * 3_000_000
    )
    assert len(content) < 20_000
    with pytest.raises(Unreadable, match="3 MB once unpacked; at most 1 MB"):
        list(workbook_rows(content, BOUNDS))


def test_entities_do_not_grow():
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData>'
        b"</worksheet>"
    )
    content = changed(workbook({"A1": "a"}), "xl/worksheets/sheet1.xml", lambda _: bomb)
    with pytest.raises(Unreadable, match="cannot be opened"):
        list(workbook_rows(content, BOUNDS))


def test_openpyxl_reads_through_defusedxml():
    from openpyxl import xml

    assert xml.DEFUSEDXML


SHEET = "xl/worksheets/sheet1.xml"
STYLES = "xl/styles.xml"


def timed_refusal(content: bytes, bounds: Bounds) -> tuple[str, float]:
    begun = time.monotonic()
    with pytest.raises(Unreadable) as refusal:
        list(workbook_rows(content, bounds))
    return str(refusal.value), time.monotonic() - begun


def test_a_part_that_is_read_as_a_whole_is_small():
    """Styles of a few packed kilobytes took fifteen seconds before any row was seen."""
    content = changed(
        workbook({"A1": "a"}),
        STYLES,
        lambda data: data.replace(b"</fonts>", b"<font><b/></font>" * 400_000 + b"</fonts>"),
    )
    assert len(content) < 60_000
    said, seconds = timed_refusal(content, Bounds(64 * 1024 * 1024, 100, 50, 5))
    assert "too many styles, names or sheets" in said
    assert seconds < 1.5


def test_texts_that_all_cells_share_are_read_against_the_clock():
    said, seconds = timed_refusal(with_shared_texts(), Bounds(64 * 1024 * 1024, 100, 50, 0.3))
    assert "takes too long" in said
    assert seconds < 2


def with_shared_texts() -> bytes:
    """A workbook whose list of texts has half a million of them."""
    name = "/xl/sharedStrings.xml"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    entry = f'<Override PartName="{name}" ContentType="{kind}"/></Types>'
    content = changed(
        workbook({"A1": "a"}),
        "[Content_Types].xml",
        lambda data: data.replace(b"</Types>", entry.encode()),
    )
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    texts = f'<sst xmlns="{space}">{"<si><t>a</t></si>" * 500_000}</sst>'
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for info in old.infolist():
            if info.filename != name[1:]:
                new.writestr(info.filename, old.read(info))
        new.writestr(name[1:], texts)
    return out.getvalue()


@pytest.mark.parametrize("inside", [b"<c/>" * 1_500_000, b"<c><v>1</v></c>" * 500_000])
def test_a_row_without_end_is_refused_before_it_is_read(inside):
    content = changed(
        workbook({"A1": "a"}), SHEET, lambda data: data.replace(b"</row>", inside + b"</row>")
    )
    said, seconds = timed_refusal(content, Bounds(64 * 1024 * 1024, 100, 50, 5))
    assert "A row of the sheet has more than 16,384 cells" in said
    assert seconds < 1


def test_a_cell_without_end_is_named():
    cell = b'<c r="A1" t="inlineStr"><is><t>' + b"x" * 5_000_000 + b"</t></is></c>"
    content = changed(
        workbook({"A1": "a"}),
        SHEET,
        lambda data: re.sub(rb'<c r="A1".*?(</c>|/>)', lambda _: cell, data, count=1),
    )
    said, seconds = timed_refusal(content, Bounds(64 * 1024 * 1024, 100, 50, 5))
    assert "A cell in row 1 is longer than 32767 characters" in said
    assert seconds < 2


def test_a_workbook_with_dates_and_texts_is_read_as_before():
    from datetime import datetime

    rows = list(workbook_rows(workbook({"A1": "on", "A2": datetime(2026, 11, 3)}), BOUNDS))
    assert rows == [("on",), (datetime(2026, 11, 3),)]

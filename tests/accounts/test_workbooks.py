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
from authorizations.exchange.columns import read_cells
from authorizations.exchange.reading import FileRefused
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
    assert len(read_cells(content, "sheet.xlsx")) == 3
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
        read_cells(content, "sheet.xlsx")
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

"""Reading a workbook that somebody sent: its size is known before anything of it is read."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.readers import Unreadable

MOST_MEMBERS = 1000
CANNOT = "This xlsx file cannot be opened. Save it again, or as CSV."


@dataclass(frozen=True, slots=True)
class Bounds:
    """How large a workbook may be: its files once unpacked, its sheet, and the time for reading."""

    unpacked_bytes: int
    rows: int
    columns: int
    seconds: float


def workbook_rows(content: bytes, bounds: Bounds) -> Iterator[tuple[object, ...]]:
    """The rows of the first sheet, as far as they are filled. Raises Unreadable with a sentence.

    What the sheet says of its own size is not believed.
    """
    check_members(content, bounds)
    try:
        yield from bounded_rows(content, bounds)
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(CANNOT) from error


def check_members(content: bytes, bounds: Bounds) -> None:
    """Look at the sizes that the zip names for its members; more than these is never unpacked."""
    try:
        members = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except Exception as error:
        raise Unreadable(CANNOT) from error
    size = sum(member.file_size for member in members)
    if size > bounds.unpacked_bytes or len(members) > MOST_MEMBERS:
        raise Unreadable(
            f"This workbook has {size / 1_048_576:.0f} MB once unpacked; at most "
            f"{bounds.unpacked_bytes // 1_048_576} MB are read. Save its first sheet as CSV."
        )


def bounded_rows(content: bytes, bounds: Bounds) -> Iterator[tuple[object, ...]]:
    """The rows one by one, until the sheet turns out to be too wide, too long or too slow."""
    # openpyxl reads XML through defusedxml, which is among our dependencies for this.
    from openpyxl import load_workbook  # type: ignore[import-untyped]
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

    until = time.monotonic() + bounds.seconds
    sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        if len(row) > bounds.columns:
            raise Unreadable(
                f"The sheet reaches to column {get_column_letter(len(row))} in row {number}; at "
                f"most column {get_column_letter(bounds.columns)} is read. Delete what stands "
                "beside the table, empty cells too, and save it again."
            )
        if number > bounds.rows:
            raise Unreadable(
                f"The sheet reaches beyond row {bounds.rows}. Delete what stands below the table, "
                "empty rows too, or send it in parts."
            )
        if time.monotonic() > until:
            raise Unreadable("Reading this workbook takes too long. Save its first sheet as CSV.")
        yield row

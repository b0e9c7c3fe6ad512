"""Reading a workbook that somebody sent: its size is known before anything of it is read."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from accounts.readers import Unreadable

MOST_MEMBERS = 1000
MOST_OUTLINE_BYTES = 1024 * 1024  # styles, names and sheets' titles, which are read as a whole
LONGEST_CELL = 32_767  # as in Excel itself
MOST_CELLS = 16_384  # of a row, as in Excel itself
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
    with reading(content, bounds) as archive:
        yield from bounded_rows(archive, bounds)


@contextmanager
def reading(content: bytes, bounds: Bounds) -> Iterator[TimedArchive]:
    """The archive of a workbook; whatever goes wrong inside is Unreadable with a sentence."""
    try:
        with TimedArchive(content, bounds.seconds) as archive:
            yield archive
    except Unreadable:
        raise
    except Exception as error:
        # openpyxl wraps what is raised while it reads: our own sentence is the better one.
        if isinstance(error.__cause__, Unreadable):
            raise error.__cause__ from None
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


class TimedArchive(zipfile.ZipFile):
    """The zip of a workbook. Whatever is read of it, and how: only until the time is over."""

    def __init__(self, content: bytes, seconds: float) -> None:
        super().__init__(io.BytesIO(content))
        self.until = time.monotonic() + seconds

    def check_time(self) -> None:
        """Raise Unreadable once the time is over."""
        if time.monotonic() > self.until:
            raise Unreadable("Reading this workbook takes too long. Save its first sheet as CSV.")

    def read(self, name: Any, pwd: bytes | None = None) -> bytes:
        """A member that is read as a whole, and so cannot be broken off: it must be small."""
        if self.getinfo(name).file_size > MOST_OUTLINE_BYTES:
            raise Unreadable(
                "This workbook has too many styles, names or sheets. Save its first sheet as CSV."
            )
        return super().read(name, pwd)

    def open(self, *args: Any, **options: Any) -> IO[bytes]:
        """A member to be read piece by piece."""
        return io.BufferedReader(TimedMember(super().open(*args, **options), self))


class TimedMember(io.RawIOBase):
    """One member of the zip, each piece of which is read only while there is time."""

    def __init__(self, member: IO[bytes], archive: TimedArchive) -> None:
        super().__init__()
        self.member, self.archive = member, archive
        self.cells, self.tail = 0, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.archive.check_time()
        piece = self.member.read(len(buffer))
        self.count_cells(piece)
        buffer[: len(piece)] = piece
        return len(piece)

    def count_cells(self, piece: bytes) -> None:
        """Raise Unreadable for a row that never ends: it would be read as a whole."""
        _, row_end, after = (self.tail + piece).rpartition(b"</row>")
        self.cells = after.count(b"<c") if row_end else self.cells + piece.count(b"<c")
        self.tail = after[-len(b"</row>") :]
        if self.cells > MOST_CELLS:
            raise Unreadable(
                f"A row of the sheet has more than {MOST_CELLS:,} cells. Delete what stands "
                "beside the table, empty cells too, and save it again."
            )

    def close(self) -> None:
        self.member.close()
        super().close()


def opened(archive: TimedArchive) -> Any:
    """The workbook, its sheets not read yet."""
    # openpyxl reads XML through defusedxml, which is among our dependencies for this.
    from openpyxl.reader.excel import ExcelReader  # type: ignore[import-untyped]

    reader = ExcelReader(archive.fp, read_only=True, data_only=True)
    reader.archive = archive
    reader.read()
    return reader.wb


def bounded_rows(archive: TimedArchive, bounds: Bounds) -> Iterator[tuple[object, ...]]:
    """The rows one by one, until the sheet turns out to be too wide, too long or too slow."""
    sheet = opened(archive).worksheets[0]
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        check_row(row, number, bounds)
        archive.check_time()
        yield row


def check_row(row: tuple[object, ...], number: int, bounds: Bounds) -> None:
    """Raise Unreadable for what lies beside or below a table, and for a cell without end."""
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

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
    if any(isinstance(value, str) and len(value) > LONGEST_CELL for value in row):
        raise Unreadable(
            f"A cell in row {number} is longer than {LONGEST_CELL} characters. Shorten it and "
            "save the workbook again."
        )

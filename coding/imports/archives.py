"""The zip CMS publishes: several tables in several forms; the right member is chosen by name."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from coding.imports.sheets import LARGEST_FILE_BYTES, READABLE, MalformedFile

# The tables of CMS's zips by the beginning of the member's name.
KNOWN = ("pprrvu", "gpci", "oppscap", "locco", "anes", "rvu", "readme")
BEST_FORM = (".csv", ".xlsx", ".txt")


def opened(content: bytes, name: str, members: Sequence[str]) -> tuple[str, bytes]:
    """The file itself, or the member of a zip that holds the wanted table, with its name.

    Raises MalformedFile where the zip holds none, or several of the same form.
    """
    if not name.lower().endswith(".zip"):
        return name, content
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except Exception as error:
        raise MalformedFile(f"{name} is not a zip file.") from error
    best = chosen(archive.infolist(), name, members)
    if best.file_size > LARGEST_FILE_BYTES:
        raise MalformedFile(f"{best.filename} is too large once unpacked.")
    try:
        return best.filename.rsplit("/", 1)[-1], archive.read(best)
    except Exception as error:
        raise MalformedFile(f"{best.filename} cannot be unpacked. Download it again.") from error


def table_name(info: zipfile.ZipInfo) -> str:
    """The member's own name without folder, year digits in front and capitals."""
    return info.filename.rsplit("/", 1)[-1].lower().lstrip("0123456789_- ")


def chosen(infos: Sequence[zipfile.ZipInfo], name: str, members: Sequence[str]) -> zipfile.ZipInfo:
    """The member with the wanted table: csv before xlsx before fixed-width text."""
    sheets = [info for info in infos if info.filename.lower().endswith(READABLE)]
    if not sheets:
        raise MalformedFile(f"{name} holds no csv, txt or xlsx file.")
    wanted = [info for info in sheets if any(m in table_name(info) for m in members)]
    if not wanted:
        wanted = [info for info in sheets if not table_name(info).startswith(KNOWN)]
    if not wanted:
        held = ", ".join(info.filename for info in sheets)
        raise MalformedFile(f"{name} holds {held}, and not the table this import reads.")
    form = min(BEST_FORM.index(suffix_of(info)) for info in wanted)
    wanted = [info for info in wanted if BEST_FORM.index(suffix_of(info)) == form]
    standard = [info for info in wanted if "nonqpp" in table_name(info).replace("-", "")]
    wanted = standard or wanted
    if len(wanted) > 1:
        held = ", ".join(info.filename for info in wanted)
        raise MalformedFile(f"{name} holds several such tables: {held}. Unpack it and name one.")
    return wanted[0]


def suffix_of(info: zipfile.ZipInfo) -> str:
    return "." + info.filename.lower().rsplit(".", 1)[-1]

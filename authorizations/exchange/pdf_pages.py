"""Pages of print, and what was attached behind them, as one PDF in pure Python."""

from __future__ import annotations

import io
import logging
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from fpdf import FPDF
from PIL import Image
from pypdf import PdfReader, PdfWriter

MOST_PAGES = 500
MOST_PIXELS = 60_000_000
FONT = "helvetica"
PLAIN = str.maketrans(
    {
        **dict.fromkeys("–—−‑", "-"),
        **dict.fromkeys("‘’ʼ", "'"),
        **dict.fromkeys("“”", '"'),
        "…": "...",
        "•": "-",
        "≤": "<=",
        "≥": ">=",
        "→": "->",
        "\u00a0": " ",
        "\u202f": " ",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ı": "i",
    }
)
# The libraries quote what they read; nothing of a patient's file goes to the log.
for library in ("pypdf", "fpdf", "PIL"):
    logging.getLogger(library).propagate = False


@dataclass(frozen=True)
class Section:
    """A heading and what is said under it, label by label; or words alone."""

    heading: str
    rows: Sequence[tuple[str, str]] = ()
    words: str = ""


@dataclass(frozen=True)
class Attached:
    """A file that goes behind the pages, and what it is called there. None: the file is gone."""

    label: str
    content: bytes | None
    content_type: str


class NotJoined(Exception):
    """A file cannot be joined; the message says why, in words for the page in its place."""


def in_print(text: str) -> str:
    """The text in the letters that this print has, the nearest where it has none."""
    plain = text.translate(PLAIN)
    return "".join(as_printed(letter) for letter in plain)


def as_printed(letter: str) -> str:
    if letter == "\n" or " " <= letter <= "~" or "\u00a1" <= letter <= "\u00ff":
        return letter
    if letter.isspace():
        return " "
    base = unicodedata.normalize("NFKD", letter).encode("latin-1", "ignore").decode("latin-1")
    return base or ("" if unicodedata.combining(letter) else "?")


def is_rewritten(text: str) -> bool:
    """Whether a letter, not only a sign, is printed as another one."""
    return any(letter.isalpha() and letter > "\u00ff" for letter in text)


class PrintedSheet(FPDF):
    """Letter paper with a title, and at the foot whose packet it is and the number of the page."""

    def __init__(self, title: str, foot: str, made_at: datetime) -> None:
        super().__init__(format="letter")
        self.foot = in_print(foot)
        self.set_title(in_print(title))
        self.set_lang("en-US")
        self.set_creation_date(made_at)
        self.set_auto_page_break(True, margin=20)
        self.set_margins(20, 18)

    def footer(self) -> None:
        """Each page says whose it is: faxes come apart."""
        self.set_y(-14)
        self.set_font(FONT, size=8)
        self.cell(0, 5, f"{self.foot} - {self.page_no()}")

    def say(self, text: str, *, size: int = 10, style: str = "", height: float = 5) -> None:
        self.set_font(FONT, style, size)
        self.multi_cell(0, height, in_print(text), new_x="LMARGIN", new_y="NEXT")

    def say_row(self, label: str, value: str) -> None:
        self.set_font(FONT, "B", 10)
        self.cell(52, 5, in_print(label))
        self.set_font(FONT, size=10)
        self.multi_cell(0, 5, in_print(value), new_x="LMARGIN", new_y="NEXT")


def printed_pages(title: str, foot: str, sections: Iterable[Section], made_at: datetime) -> bytes:
    """The pages as a PDF. Where a letter was printed as another one, the last line says so."""
    sheet, sections = PrintedSheet(title, foot, made_at), list(sections)
    sheet.add_page()
    sheet.say(title, size=16, style="B", height=8)
    for section in sections:
        sheet.ln(4)
        sheet.say(section.heading, size=12, style="B", height=6)
        for label, value in section.rows:
            sheet.say_row(label, value)
        if section.words:
            sheet.say(section.words)
    said = [word for one in sections for row in one.rows for word in row]
    if any(is_rewritten(text) for text in (*said, *(one.words for one in sections))):
        sheet.ln(4)
        sheet.say("Letters that this print does not have are written as the nearest one.", size=8)
    return bytes(sheet.output())


def picture_page(content: bytes, foot: str, made_at: datetime) -> bytes:
    """A picture on a page of its own. Raises NotJoined."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise NotJoined("the picture is too large to print")
            picture.load()
            plain = picture.convert("RGB")
    except NotJoined:
        raise
    except Exception as error:  # Pillow raises whatever a broken picture makes it stumble over
        raise NotJoined("the picture cannot be read") from error
    sheet = PrintedSheet("", foot, made_at)
    sheet.add_page()
    sheet.image(plain, x=20, y=18, w=sheet.epw, h=sheet.eph, keep_aspect_ratio=True)
    return bytes(sheet.output())


def pages_of(attached: Attached, foot: str, made_at: datetime) -> PdfReader:
    """The pages of a file. Raises NotJoined with the reason."""
    content = attached.content
    if content is None:
        raise NotJoined("the file is missing or was changed on the server")
    if attached.content_type != "application/pdf":
        content = picture_page(content, foot, made_at)
    try:
        reader = PdfReader(io.BytesIO(content))
        is_locked, count = reader.is_encrypted, 0 if reader.is_encrypted else len(reader.pages)
    except Exception as error:  # pypdf raises whatever a broken file makes it stumble over
        raise NotJoined("the PDF cannot be read") from error
    if is_locked:
        raise NotJoined("the PDF is locked with a password")
    if not 0 < count <= MOST_PAGES:
        raise NotJoined(f"the PDF has {count} pages; 1 to {MOST_PAGES} can be joined")
    return reader


def joined(
    first: bytes, attached: Iterable[Attached], foot: str, made_at: datetime
) -> tuple[bytes, list[tuple[str, str]]]:
    """The pages with the files behind them; and which were left out, each with the reason.

    In the place of a file that is left out stands a page that says so.
    """
    writer, left_out = PdfWriter(), []
    writer.append(PdfReader(io.BytesIO(first)), import_outline=False)
    for one in attached:
        kept = len(writer.pages)
        try:
            append_pages(writer, pages_of(one, foot, made_at))
        except NotJoined as reason:
            for _ in range(len(writer.pages) - kept):
                writer.remove_page(len(writer.pages) - 1)
            left_out.append((one.label, str(reason)))
            words = f"{one.label} is not in this packet: {reason}. It is sent apart."
            page = printed_pages("Left out", foot, [Section(one.label, words=words)], made_at)
            writer.append(PdfReader(io.BytesIO(page)), import_outline=False)
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue(), left_out


def append_pages(writer: PdfWriter, reader: PdfReader) -> None:
    """Add the pages without what acts when they are opened. Raises NotJoined."""
    try:
        trial = PdfWriter()
        trial.append(reader, import_outline=False)
        for page in trial.pages:
            notes = [note.get_object() for note in page.get("/Annots", ())]
            for acting in (page, *notes):
                for action in ("/A", "/AA"):
                    acting.pop(action, None)
        sound = io.BytesIO()
        trial.write(sound)
        writer.append(PdfReader(sound), import_outline=False)
    except Exception as error:  # as above: a page can be broken where the file is not
        raise NotJoined("a page of the PDF cannot be read") from error

"""HL7 v2 messages as text: segments, fields and components, each with the line it stands on.

Source: HL7 v2.5.1, chapter 2 (control) – delimiters in MSH-1 and MSH-2, escapes, batches.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from authorizations.exchange.row_reader import FileRefused

ENCODINGS = {
    "": "utf-8-sig",
    "ASCII": "ascii",
    "UNICODE UTF-8": "utf-8-sig",
    "8859/1": "iso-8859-1",
    "8859/15": "iso-8859-15",
}
MOST_SEGMENTS = 500_000
AROUND = ("FHS", "BHS", "BTS", "FTS")
# MSH with its delimiters behind it: no field can hold these, there they would be escaped.
HEADER_INSIDE = re.compile(r"(?:MSH|FHS|BHS)([^\w\s])([^\w\s]{3,5})\1")
FRAMES = str.maketrans("", "", "\x0b\x1c")


@dataclass(frozen=True, slots=True)
class Marks:
    """The delimiters a message names for itself."""

    field: str = "|"
    component: str = "^"
    repeat: str = "~"
    escape: str = "\\"
    part: str = "&"

    def plain(self, text: str) -> str:
        """The text with its escapes written out; an escape nobody knows is dropped."""
        known = {"F": self.field, "S": self.component, "T": self.part, "R": self.repeat}
        known["E"] = self.escape
        mark = re.escape(self.escape)
        return re.sub(f"{mark}([^{mark}]*){mark}", lambda m: known.get(m[1], ""), text)


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its line in the file, its name and its fields, counted as HL7 counts them."""

    line: int
    name: str
    fields: tuple[str, ...]
    marks: Marks

    def text(self, number: int, component: int = 1) -> str:
        """A component of the first repetition of a field; empty where there is none."""
        if number >= len(self.fields):
            return ""
        first = self.fields[number].split(self.marks.repeat)[0]
        parts = first.split(self.marks.component)
        return self.marks.plain(parts[component - 1]).strip() if component <= len(parts) else ""


@dataclass(slots=True)
class Message:
    """One message: its segments in the order in which they came."""

    segments: list[Segment] = field(default_factory=list)

    @property
    def header(self) -> Segment:
        return self.segments[0]

    def first(self, name: str) -> Segment | None:
        return next((segment for segment in self.segments if segment.name == name), None)

    def text(self, name: str, number: int, component: int = 1) -> str:
        """A component of the first segment of that name; empty where there is none."""
        segment = self.first(name)
        return segment.text(number, component) if segment else ""


def is_hl7(content: bytes) -> bool:
    """Whether a file begins as HL7 does."""
    return content.lstrip(b"\xef\xbb\xbf\x0b\r\n \t")[:3] in (b"MSH", b"FHS", b"BHS")


def read_messages(content: bytes) -> list[Message]:
    """The messages of a file. Raises FileRefused for one that is cut off or not text."""
    lines = split_lines(decoded(content))
    messages: list[Message] = []
    marks, counted = Marks(), None
    for number, line in lines:
        if line[:3] in ("MSH", "FHS", "BHS"):
            marks = marks_of(line, number)
        segment = cut(line, number, marks)
        if segment.name == "MSH":
            messages.append(Message([segment]))
        elif segment.name == "BTS":
            counted = segment.text(1)
        elif segment.name not in AROUND:
            attach_segment(segment, messages)
    check_count(counted, len(messages))
    return messages


def decoded(content: bytes) -> str:
    """The text in the character set that its first header names, UTF-8 unless it names one."""
    name = re.search(rb"^MSH(?:[^\r\n]*)", content.lstrip(b"\xef\xbb\xbf\x0b"), re.MULTILINE)
    fields = name[0].split(name[0][3:4]) if name and len(name[0]) > 3 else []
    said = fields[17].decode("ascii", "replace").strip().upper() if len(fields) > 17 else ""
    if said not in ENCODINGS:
        raise FileRefused(f"MSH-18 names the character set “{said}”. Send UNICODE UTF-8.")
    try:
        text = content.decode(ENCODINGS[said])
    except UnicodeDecodeError as error:
        line = re.sub(rb"\r\n?", b"\n", content[: error.start]).count(b"\n") + 1
        sentence = f"Line {line} is not in {said or 'UTF-8'}. Name the character set in MSH-18."
        raise FileRefused(sentence) from error
    if "\0" in text:
        raise FileRefused("This is not a text file. Send HL7 v2 messages as text.")
    return text


def split_lines(text: str) -> list[tuple[int, str]]:
    """Each segment with its line. Raises FileRefused where the last one is not closed."""
    text = re.sub(r"\r\n?", "\n", text.translate(FRAMES))
    if not text.endswith("\n"):
        last = text.count("\n") + 1
        raise FileRefused(f"Line {last} is cut off: its segment has no end. Send the file again.")
    if text.count("\n") > MOST_SEGMENTS:
        raise FileRefused(
            f"The file has more than {MOST_SEGMENTS} segments, which is the most read at once. "
            "Send it in parts."
        )
    lines = enumerate(text.split("\n"), 1)
    return [
        (number, piece.strip(" "))
        for number, line in lines
        for piece in cut_at_headers(line)
        if piece.strip()
    ]


def cut_at_headers(line: str) -> list[str]:
    """A line cut before each header that stands inside it: two files put together without a line
    end between them are still two messages, of two patients.
    """
    starts = [
        found.start()
        for found in HEADER_INSIDE.finditer(line)
        if len(set(found[1] + found[2])) == len(found[1] + found[2])
    ]
    edges = [0, *starts, len(line)]
    return [line[a:b] for a, b in pairwise(edges)]


def marks_of(line: str, number: int) -> Marks:
    """The delimiters of a header. Raises FileRefused where they are missing or the same."""
    found = line[3:8]
    if len(found) < 5 or len(set(found)) < 5 or any(mark.isalnum() for mark in found):
        message = f"Line {number}: the header does not name its five delimiters, such as |^~\\&."
        raise FileRefused(message)
    return Marks(*found)


def cut(line: str, number: int, marks: Marks) -> Segment:
    """A line as a segment; in a header the delimiter itself counts as field 1."""
    fields = line.split(marks.field)
    if fields[0] in ("MSH", "FHS", "BHS"):
        fields.insert(1, marks.field)
    return Segment(number, fields[0], tuple(fields), marks)


def attach_segment(segment: Segment, messages: list[Message]) -> None:
    if not messages:
        raise FileRefused(f"Line {segment.line} stands before the first MSH.")
    messages[-1].segments.append(segment)


def check_count(counted: str | None, found: int) -> None:
    """Whether a batch holds as many messages as its trailer says."""
    if counted and counted != str(found):
        raise FileRefused(
            f"The batch says it holds {counted} messages and holds {found}. Send it again."
        )

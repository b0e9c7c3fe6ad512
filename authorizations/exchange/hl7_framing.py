"""A file of HL7 v2 messages cut into messages: batches, MLLP frames, character sets, line ends.

What is wrong with one message is remembered with it; the others are read. Sources: HL7 v2.5.1,
chapter 2.10.3 (batches); HL7 Transport Specification MLLP, release 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from authorizations.exchange.hl7 import HEADERS, Marks, Message, Segment
from authorizations.exchange.hl7_character_sets import decoded
from authorizations.exchange.refusals import FileRefused, RowRefused

MOST_SEGMENTS = 500_000
START_OF_FRAME, END_OF_FRAME = b"\x0b", b"\x1c"
ENVELOPE = (b"FHS", b"BHS", b"BTS", b"FTS")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
LINE_END = re.compile(rb"\r\n|\r|\n")
# A header with its delimiters behind it: no field can hold these, there they would be escaped.
PUNCTUATION = rb"[!-/:-@\[-`{-~]"
HEADER_INSIDE = re.compile(rb"(?:MSH|FHS|BHS)(%b)(%b{3,5})\1" % (PUNCTUATION, PUNCTUATION))
COUNT = re.compile(r"\d{1,12}", re.ASCII)
NAME = re.compile(r"[A-Z][A-Z0-9]{2}", re.ASCII)
# The last field that HL7 requires of a segment: a segment that ends before it is cut off.
REQUIRED = {"MSH": 12, "EVN": 1, "PID": 3, "PV1": 2, "FT1": 7, "OBX": 11}
CUT_OFF = "is cut off: its segment has no end. Send the message again."


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment as bytes: its line, and whether a line end or the end of a frame follows it."""

    line: int
    content: bytes
    is_closed: bool


@dataclass(slots=True)
class MessageBatch:
    """The messages between BHS and BTS, or those outside of any batch."""

    messages: list[Message] = field(default_factory=list)


def is_hl7(content: bytes) -> bool:
    """Whether a file begins as HL7 does."""
    return content.lstrip(BYTE_ORDER_MARK + b"\x0b\r\n \t")[:3] in (b"MSH", b"FHS", b"BHS")


def read_messages(content: bytes) -> list[Message]:
    """The messages of a file, each read or with its fault. Raises FileRefused for no text."""
    if b"\0" in content:
        raise FileRefused("This is not a text file. Send HL7 v2 messages as text.")
    messages: list[Message] = []
    batches: list[MessageBatch] = []
    batch: MessageBatch | None = None
    group: list[Piece] = []
    for piece in [*pieces(content), Piece(0, b"FTS", is_closed=True)]:
        name = piece.content[:3]
        if name == b"MSH" or name in ENVELOPE:
            messages += closed_message(group, batch)
            group = []
        if name == b"BHS":
            batch = MessageBatch()
            batches.append(batch)
        elif name == b"BTS" and batch:
            check_batch(batch, counted(piece))
            batch = None
        elif name == b"FTS" and piece.line:
            check_file(counted(piece), len(batches) or len(messages), bool(batches))
        elif name not in ENVELOPE:
            group.append(piece)
    return messages


def pieces(content: bytes) -> Iterator[Piece]:
    """Each segment with its line, also where two files were put together without a line end."""
    content = content.removeprefix(BYTE_ORDER_MARK)
    lines = LINE_END.split(content)
    if len(lines) > MOST_SEGMENTS:
        raise FileRefused(
            f"The file has more than {MOST_SEGMENTS} segments, which is the most read at once. "
            "Send it in parts."
        )
    for number, line in enumerate(lines, 1):
        is_last = number == len(lines)
        ends_frame = END_OF_FRAME in line
        plain = line.replace(START_OF_FRAME, b"").replace(END_OF_FRAME, b"")
        parts = [part.strip(b" \t") for part in cut_at_headers(plain)]
        for place, part in enumerate(parts):
            is_closed = (not is_last or ends_frame) and place == len(parts) - 1
            if part:
                yield Piece(number, part, is_closed)


def cut_at_headers(line: bytes) -> list[bytes]:
    """A line cut before each header inside it: two messages, maybe of two patients."""
    starts = [
        found.start()
        for found in HEADER_INSIDE.finditer(line)
        if len(set(found[1] + found[2])) == len(found[1] + found[2])
    ]
    return [line[a:b] for a, b in pairwise([0, *starts, len(line)])]


def closed_message(group: list[Piece], batch: MessageBatch | None) -> Iterator[Message]:
    """The message of these segments, counted with its batch."""
    if group:
        message = message_of(group)
        if batch:
            batch.messages.append(message)
        yield message


def message_of(group: list[Piece]) -> Message:
    """One message; what cannot be read of it is its fault, its header is read as far as it goes."""
    first = group[0]
    content = b"\r".join(piece.content for piece in group)
    lenient = content.decode("utf-8", "replace")
    header = lenient.split("\r", 1)[0]
    try:
        marks = marks_of(header, first.line)
    except RowRefused as fault:
        return Message([cut(header, first.line, Marks())], fault, lenient)
    named = cut(header, first.line, marks)
    try:
        text, charset = decoded(content, named.repetitions(18), first.line)
        marks = replace(marks, charset=charset)
        texts = zip(group, text.split("\r"), strict=True)
        segments = [cut(each, piece.line, marks) for piece, each in texts]
        check_segments(segments, is_closed=group[-1].is_closed)
    except RowRefused as fault:
        return Message([named], fault, lenient)
    return Message(segments, None, text)


def marks_of(line: str, number: int) -> Marks:
    """The delimiters of a header. Raises RowRefused where they are missing or the same."""
    if line[:3] != "MSH":
        raise RowRefused("no_header", f"Line {number} stands before the first MSH.")
    found = line[3:8]
    if len(found) < 5 or len(set(found)) < 5 or any(mark.isalnum() for mark in found):
        sentence = f"Line {number}: the header does not name its five delimiters, such as |^~\\&."
        raise RowRefused("bad_header", sentence)
    return Marks(*found)


def cut(line: str, number: int, marks: Marks) -> Segment:
    """A line as a segment; in a header the delimiter itself counts as field 1."""
    fields = line.split(marks.field)
    if fields[0] in HEADERS:
        fields.insert(1, marks.field)
    return Segment(number, fields[0], tuple(fields), marks)


def check_segments(segments: Iterable[Segment], *, is_closed: bool) -> None:
    """Whether each line is a segment and the last one is whole. Raises RowRefused."""
    segment = None
    for segment in segments:
        if not NAME.fullmatch(segment.name):
            sentence = (
                f"Line {segment.line} does not begin with the name of a segment. A line break "
                "inside a field is sent as \\.br\\."
            )
            raise RowRefused("bad_segment", sentence)
    if segment is None or is_closed:
        return
    if not segment.field(REQUIRED.get(segment.name, 1)):
        raise RowRefused("cut_off", f"Line {segment.line} {CUT_OFF}")


def counted(piece: Piece) -> str:
    """The number in the trailer of a batch or file: of messages, of batches; none if empty."""
    mark = piece.content[3:4]
    parts = piece.content.split(mark) if mark else []
    return parts[1].decode("ascii", "replace").strip() if len(parts) > 1 else ""


def is_count(said: str, found: int) -> bool:
    """Whether a trailer counts so many: padded with zeros or not, or not at all."""
    return not said or (COUNT.fullmatch(said) is not None and int(said) == found)


def check_batch(batch: MessageBatch, said: str) -> None:
    """A batch that lost messages on its way is sent again: none of it is taken."""
    found = len(batch.messages)
    if is_count(said, found):
        return
    sentence = f"The batch says it holds {said[:12]} messages and holds {found}. Send it again."
    for message in batch.messages:
        message.fault = message.fault or RowRefused("batch_incomplete", sentence)


def check_file(said: str, found: int, has_batches: bool) -> None:
    """Whether a file holds as many batches as its trailer says. Raises FileRefused."""
    if not is_count(said, found):
        what = "batches" if has_batches else "messages"
        raise FileRefused(
            f"The file says it holds {said[:12]} {what} and holds {found}. Send it again."
        )

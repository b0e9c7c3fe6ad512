"""The answer to a file of HL7 messages: one acknowledgement for each, as text.

Source: HL7 v2.5.1, chapter 2 – MSA-1 AA taken, AE refused; ERR says where and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from authorizations.exchange.hl7 import Message, Segment, read_messages

Refused = Mapping[tuple[int, str], str]  # the sentence by line and record, or message


def acknowledgements(content: bytes, refusals: Refused, at: datetime) -> str:
    """One ACK a message; ``refusals`` are the sentences by what was refused."""
    return "".join(acknowledgement(message, refusals, at) for message in read_messages(content))


def acknowledgement(message: Message, refusals: Refused, at: datetime) -> str:
    header = message.header
    named = ((s, (s.line, name_of(s)[:40])) for s in message.segments)
    wrong = [(segment, refusals[key]) for segment, key in named if key in refusals]
    control = header.text(10)
    segments = [
        f"MSH|^~\\&|{whole(header, 5)}|{whole(header, 6)}|{whole(header, 3)}|{whole(header, 4)}|"
        f"{at:%Y%m%d%H%M%S}||ACK^P03^ACK|A{escaped(control)}|{whole(header, 11) or 'P'}|2.5.1",
        f"MSA|{'AE' if wrong else 'AA'}|{escaped(control)}",
        *(error(segment, sentence) for segment, sentence in wrong),
    ]
    return "".join(f"{segment}\r" for segment in segments)


def name_of(segment: Segment) -> str:
    """By what a refusal names a segment: a message by its number, a charge by its record."""
    return segment.text(10 if segment.name == "MSH" else 2)


def error(segment: Segment, sentence: str) -> str:
    """ERR-2 where, ERR-3 the kind (207: refused by the application), ERR-8 why, for people."""
    return f"ERR||{segment.name}^1|207^Application internal error^HL70357|E||||{escaped(sentence)}"


def whole(header: Segment, number: int) -> str:
    return escaped(header.text(number))


def escaped(text: str) -> str:
    """Text that may hold delimiters, as a field."""
    text = text.replace("\\", "\\E\\")
    for mark, name in (("|", "F"), ("^", "S"), ("&", "T"), ("~", "R")):
        text = text.replace(mark, f"\\{name}\\")
    return " ".join(text.split())

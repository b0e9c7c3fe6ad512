"""The answer to a file of HL7 messages: one acknowledgement for each, as text.

Source: HL7 v2.5.1, chapter 2 – MSA-1 AA taken, AE refused, AR not read at all; ERR-2 where,
ERR-3 of which kind (table 0357), ERR-8 why.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from authorizations.exchange.hl7 import Message, Segment
from authorizations.exchange.hl7_framing import read_messages

# The kind and the sentence of what was refused, by line and record, or message.
Fault = tuple[str, str]
Refused = Mapping[tuple[int, str], Fault]
REJECTED = {
    "other_message": ("200^Unsupported message type", "MSH^1^9"),
    "other_version": ("203^Unsupported version id", "MSH^1^12"),
    "character_set": ("103^Table value not found", "MSH^1^18"),
    "bad_header": ("100^Segment sequence error", "MSH^1^2"),
    "bad_segment": ("100^Segment sequence error", ""),
    "cut_off": ("100^Segment sequence error", ""),
    "batch_incomplete": ("100^Segment sequence error", ""),
}
REQUIRED_MISSING, WRONG_TYPE = "101^Required field missing", "102^Data type error"
NOT_IN_TABLE, UNKNOWN_KEY = "103^Table value not found", "204^Unknown key identifier"
INTERNAL = "207^Application internal error"
WRONG = {
    "blank_record": (REQUIRED_MISSING, "FT1^{n}^2"),
    "long_record": (WRONG_TYPE, "FT1^{n}^2"),
    "bad_date": (WRONG_TYPE, "FT1^{n}^4"),
    "bad_zone": (WRONG_TYPE, "FT1^{n}^4"),
    "other_transaction": (NOT_IN_TABLE, "FT1^{n}^6"),
    "message_lacks": (REQUIRED_MISSING, "FT1^{n}"),
    "blank_course": (REQUIRED_MISSING, "PV1^1^19"),
    "blank_delivery_code": (REQUIRED_MISSING, "FT1^{n}"),
    "several_mrns": (UNKNOWN_KEY, "PID^1^3"),
    "unknown_mrn": (UNKNOWN_KEY, "PID^1^3"),
    "unknown_course": (UNKNOWN_KEY, "PV1^1^19"),
    "unknown_facility": (UNKNOWN_KEY, "PV1^1^3"),
    "unknown_machine": (UNKNOWN_KEY, "PV1^1^3"),
    "bad_modality": (NOT_IN_TABLE, "FT1^{n}"),
}


def acknowledgements(content: bytes, refusals: Refused, at: datetime) -> str:
    """One ACK a message; ``refusals`` are kinds and sentences by what was refused."""
    messages = [m for m in read_messages(content) if m.header.name == "MSH"]
    named = {header_key(message.header) for message in messages}
    by_line: dict[int, list[Fault]] = {}
    for key, fault in refusals.items():
        if key not in named:
            by_line.setdefault(key[0], []).append(fault)
    return "".join(
        acknowledgement(message, refusals.get(header_key(message.header)), by_line, at)
        for message in messages
    )


def header_key(header: Segment) -> tuple[int, str]:
    """By what a refusal names a message: its line and its number."""
    return header.line, header.text(10)[:40]


def acknowledgement(
    message: Message, fault: Fault | None, by_line: Mapping[int, list[Fault]], at: datetime
) -> str:
    """AA, AE or AR for one message, with an ERR for each thing that was refused.

    ``fault`` is of the whole message; charges are found by their line, since which field holds
    their record is a matter of the sender's mapping.
    """
    header = message.header
    wrong = [(header, 1, *fault)] if fault else []
    charges = [segment for segment in message.segments if segment.name == "FT1"]
    for number, charge in enumerate(charges, 1):
        wrong += [(charge, number, *each) for each in by_line.get(charge.line, ())]
    kinds = {kind for _, _, kind, _ in wrong}
    answer = "AA" if not wrong else "AR" if kinds <= set(REJECTED) else "AE"
    control = escaped(header.text(10))
    event = escaped(header.text(9, 2))
    kind = f"ACK^{event}^ACK" if event else "ACK"
    segments = [
        f"MSH|^~\\&|{whole(header, 5)}|{whole(header, 6)}|{whole(header, 3)}|{whole(header, 4)}|"
        f"{at:%Y%m%d%H%M%S}||{kind}|A{control}|{whole(header, 11) or 'P'}|2.5.1||||||UNICODE UTF-8",
        f"MSA|{answer}|{control}",
        *(error(*each) for each in wrong),
    ]
    return "".join(f"{segment}\r" for segment in segments)


def error(segment: Segment, number: int, kind: str, sentence: str) -> str:
    """ERR-2 where, ERR-3 the kind, ERR-4 error, ERR-8 why, for people."""
    known = REJECTED | WRONG
    code, place = known.get(kind, (INTERNAL, ""))
    where = (place or f"{segment.name}^{number}").format(n=number)
    return f"ERR||{where}|{code}^HL70357|E||||{escaped(sentence)}"


def whole(header: Segment, number: int) -> str:
    return escaped(header.text(number))


def escaped(text: str) -> str:
    """Text that may hold delimiters, as a field."""
    text = text.replace("\\", "\\E\\")
    for mark, name in (("|", "F"), ("^", "S"), ("&", "T"), ("~", "R")):
        text = text.replace(mark, f"\\{name}\\")
    return " ".join(text.split())

"""How each fact of a charge is written in an address: read strictly, and written back the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from accounts.readers import Unreadable, read_clock_time, read_date, read_whole_number, shown_text
from coding.rules.facts import AuthorizedLine, OtherLine, UndecidedPolicy
from coding.rules.modalities import MODALITIES
from payers.models import CodingPolicyTopic

NONE = "none"
SUPPOSED = "is supposed to be undecided"
PART = re.compile(r"([0-9]{1,4})([dhms])", re.ASCII)
SECONDS = {"d": 86400, "h": 3600, "m": 60, "s": 1}
LINE = re.compile(r"([0-9A-Z]{5})((?:-[0-9A-Z]{2}){0,4})(?: ?[X×] ?([0-9]{1,2}))?")
DECISIONS = ("requested", "pended", "approved", "reduced", "denied")
EVIDENCE = ("letter", "portal", "file", "law", "asserted", "phone")
GRANTED = re.compile(
    r"(?P<line>[0-9A-Z]{5}(?:-[0-9A-Z]{2})?)|(?P<approved>[0-9]{1,4})units|(?P<used>[0-9]{1,4})used"
    r"|from(?P<start>[+-][0-9]{1,4})|to(?P<end>[+-][0-9]{1,4})|number(?P<number>[0-9]{1,2})"
    r"|at=(?P<facility>[A-Za-z0-9_-]{1,16})|(?P<unit>holds)",
    re.ASCII,
)


@dataclass(frozen=True)
class Kind:
    """One kind of value: read from text (raises Unreadable), written as text, and its choices."""

    read: Callable[[str], Any]
    write: Callable[[Any], str] = str
    choices: Mapping[str, str] | None = None


def choice(choices: Mapping[str, str]) -> Kind:
    """One of the known keys."""

    def read(text: str) -> str:
        if text not in choices:
            raise Unreadable(f"“{shown_text(text)}” is not one of: {', '.join(choices)}.")
        return text

    return Kind(read, str, choices)


def pattern(expression: str, words: str) -> Kind:
    """Text of one form, in capitals."""
    wanted = re.compile(expression, re.ASCII)

    def read(text: str) -> str:
        if not wanted.fullmatch(text.upper()):
            raise Unreadable(f"“{shown_text(text)}” is not {words}.")
        return text.upper()

    return Kind(read)


def several(expression: str, words: str, most: int) -> Kind:
    """Several of one form, parted by spaces or commas."""
    one = pattern(expression, words)

    def read(text: str) -> tuple[str, ...]:
        found = tuple(one.read(part) for part in text.replace(",", " ").split())
        if len(found) > most:
            raise Unreadable(f"More than {most} are given.")
        return found

    return Kind(read, " ".join)


def whole(smallest: int, largest: int) -> Kind:
    return Kind(lambda text: read_whole_number(text, smallest=smallest, largest=largest))


def read_duration(text: str) -> timedelta:
    """A length of time such as 3h, -5m or 1d 2h 30m."""
    plain = text.replace(" ", "").lower()
    sign, rest = (-1, plain[1:]) if plain.startswith("-") else (1, plain.removeprefix("+"))
    if not rest or PART.sub("", rest):
        raise Unreadable(
            f"“{shown_text(text)}” is not a length of time, such as 3h or -5m or 1d 2h."
        )
    return sign * timedelta(seconds=sum(int(n) * SECONDS[unit] for n, unit in PART.findall(rest)))


def write_duration(value: timedelta) -> str:
    left = abs(int(value.total_seconds()))
    parts = []
    for unit, seconds in SECONDS.items():
        count, left = divmod(left, seconds)
        parts += [f"{count}{unit}"] if count else []
    return ("-" if value < timedelta() else "") + (" ".join(parts) or "0m")


def read_modalities(text: str) -> tuple[str, ...]:
    names = () if text == NONE else tuple(text.replace(",", " ").split())
    for name in names:
        if name not in MODALITIES:
            known = ", ".join(MODALITIES)
            raise Unreadable(f"“{shown_text(name)}” is no way of imaging known here: {known}.")
    return names


def read_lines(text: str) -> tuple[OtherLine, ...]:
    """Lines such as 77407, 77280-59, 99213-25 x1."""
    found = []
    for part in text.upper().split(",") if text != NONE else ():
        line = LINE.fullmatch(part.strip())
        if line is None:
            raise Unreadable(f"“{shown_text(part)}” is not a line, such as 77407 or 77280-59 x1.")
        modifiers = tuple(m for m in line[2].split("-") if m)
        found.append(OtherLine(line[1], modifiers, int(line[3] or 1)))
    return tuple(found)


def write_lines(lines: tuple[OtherLine, ...]) -> str:
    return ", ".join(write_line(line) for line in lines) or NONE


def write_line(line: OtherLine) -> str:
    count = f" x{line.units}" if line.units != 1 else ""
    return "-".join((line.code, *line.modifiers)) + count


@dataclass(frozen=True)
class Granted:
    """A line of an authorization as it is written: its days counted from the date of service."""

    line: AuthorizedLine
    start: int | None = None
    end: int | None = None


def read_granted(text: str) -> tuple[Granted, ...]:
    """Lines such as “77387-26 approved 28units from-30 to+60 letter number1 holds”."""
    parts = [] if text == NONE else [part for part in text.split(",") if part.strip()]
    return tuple(granted_of(part) for part in parts)


def granted_of(text: str) -> Granted:
    found: dict[str, str] = {}
    words = {"decision": DECISIONS, "evidence": (*EVIDENCE, NONE)}
    for token in text.split():
        named = next((name for name, known in words.items() if token.lower() in known), "")
        match = GRANTED.fullmatch(token)
        if not named and match is None:
            raise Unreadable(
                f"“{shown_text(token)}” says nothing about an authorized line. Write it as "
                "77387-26 approved 28units from-30 to+60 letter number1 holds."
            )
        given = {named: token.lower()} if named else match.groupdict() if match else {}
        found |= {name: value for name, value in given.items() if value}
    if "line" not in found:
        raise Unreadable(f"“{shown_text(text)}” names no code, such as 77387-26.")
    code, _, modifier = found["line"].partition("-")
    line = AuthorizedLine(
        code=code,
        modifier=modifier,
        decision=found.get("decision", "approved"),
        number=f"number {found['number']}" if "number" in found else "",
        units_approved=int(found["approved"]) if "approved" in found else None,
        units_used=int(found["used"]) if "used" in found else None,
        facility=found.get("facility", ""),
        evidence=found.get("evidence", "letter"),
        gives_unit="unit" in found,
    )
    start, end = found.get("start"), found.get("end")
    return Granted(line, int(start) if start else None, int(end) if end else None)


def write_granted(rows: tuple[Granted, ...]) -> str:
    numbers = list(dict.fromkeys(row.line.number for row in rows if row.line.number))
    return ", ".join(" ".join(tokens(row, numbers)) for row in rows) or NONE


def tokens(row: Granted, numbers: list[str]) -> list[str]:
    """The words of one line; its number is counted, never written: it belongs to a patient."""
    line = row.line
    said = {
        f"{line.units_approved}units": line.units_approved is not None,
        f"{line.units_used}used": line.units_used is not None,
        f"from{row.start or 0:+d}": row.start is not None,
        f"to{row.end or 0:+d}": row.end is not None,
        f"at={line.facility}": bool(line.facility),
        line.evidence: True,
        f"number{numbers.index(line.number) + 1 if line.number else 0}": bool(line.number),
        "holds": line.gives_unit,
    }
    code = f"{line.code}-{line.modifier}" if line.modifier else line.code
    return [code, line.decision, *(word for word, is_said in said.items() if is_said)]


def read_topics(text: str) -> tuple[UndecidedPolicy, ...]:
    """Matters of coding on which the policies are supposed not to answer."""
    one = choice(dict(CodingPolicyTopic.choices))
    names = text.replace(",", " ").split()
    return tuple(UndecidedPolicy(one.read(name), SUPPOSED) for name in names)


YES_NO = Kind(
    lambda text: choice({"yes": "", "no": ""}).read(text) == "yes",
    lambda value: "yes" if value else "no",
    {"yes": "Yes", "no": "No"},
)
DAY = Kind(read_date, lambda value: value.isoformat())
CLOCK = Kind(read_clock_time, lambda value: f"{value:%H:%M:%S}".removesuffix(":00"))
DURATION = Kind(read_duration, write_duration)
MODALITY = Kind(read_modalities, lambda names: " ".join(names) or NONE)
LINES = Kind(read_lines, write_lines)
TOPICS = Kind(read_topics, lambda rows: " ".join(row.topic for row in rows))
GRANTS = Kind(read_granted, write_granted)
CODE = pattern(r"[0-9A-Z]{5}", "a code of five characters, such as 77387")
MODIFIERS = several(r"[0-9A-Z]{2}", "a modifier of two characters, such as 26", 4)
DIAGNOSES = several(r"[A-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?", "a diagnosis, such as C61", 12)
PLACE = pattern(r"[0-9]{2}", "a place of service of two digits, such as 22")

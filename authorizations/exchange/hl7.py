"""HL7 v2 messages as text: segments, fields and components, each with the line it stands on.

Source: HL7 v2.5.1, chapter 2 (control) – delimiters in MSH-1 and MSH-2, escapes, the null value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from authorizations.exchange.refusals import RowRefused

NULL = '""'  # the value is to be deleted
HEADERS = ("MSH", "FHS", "BHS")
LINE_BREAKS = re.compile(r"\.(?:br|sp)\s*\d*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Marks:
    """The delimiters a message names for itself, and the character set of its escapes."""

    field: str = "|"
    component: str = "^"
    repeat: str = "~"
    escape: str = "\\"
    part: str = "&"
    charset: str = "utf-8"

    def plain(self, text: str) -> str:
        """The text with its escapes written out; an escape nobody knows stays as it came."""
        if self.escape not in text:
            return text
        return escapes(self.escape).sub(self._written, text)

    def _written(self, found: re.Match[str]) -> str:
        if found["bytes"]:
            return self._decoded(found[0])
        name = found["name"]
        known = {"F": self.field, "S": self.component, "T": self.part, "R": self.repeat}
        known |= {"E": self.escape, "H": "", "N": ""}  # H and N begin and end highlighting
        if LINE_BREAKS.fullmatch(name):
            return "\n"
        return known.get(name, found[0])

    def _decoded(self, run: str) -> str:
        """Bytes as two hexadecimal digits each; several such escapes in a row are one text."""
        digits = re.sub(f"{re.escape(self.escape)}[Xx]?", "", run)
        try:
            text = bytes.fromhex(digits).decode(self.charset)
        except UnicodeDecodeError:
            return run
        return run if "\0" in text else text


@lru_cache(32)
def escapes(mark: str) -> re.Pattern[str]:
    """An escape: bytes in hexadecimal digits, or any other name between two marks."""
    m = re.escape(mark)
    pair = "[0-9A-Fa-f]{2}"
    return re.compile(f"(?P<bytes>(?:{m}[Xx](?:{pair})+{m})+)|{m}(?P<name>[^{m}]*){m}")


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its line in the file, its name and its fields, counted as HL7 counts them."""

    line: int
    name: str
    fields: tuple[str, ...]
    marks: Marks

    def field(self, number: int) -> str:
        """A field as it came, with its repetitions; empty where there is none."""
        return self.fields[number] if number < len(self.fields) else ""

    def repetitions(self, number: int) -> list[str]:
        """The repetitions of a field, as they came, those that say something."""
        return [each for each in self.field(number).split(self.marks.repeat) if each.strip()]

    def text(self, number: int, component: int = 1) -> str:
        """A component of the first repetition of a field; empty where there is none, or a null."""
        return self.component_of(self.field(number).split(self.marks.repeat)[0], component)

    def component_of(self, repetition: str, component: int) -> str:
        """A component of one repetition, its escapes written out."""
        parts = repetition.split(self.marks.component)
        if component > len(parts):
            return ""
        said = parts[component - 1].strip()
        return "" if said == NULL else self.marks.plain(said).strip()

    def whole(self, number: int) -> str:
        """A field of text as it is meant for people: all of it, its escapes written out."""
        said = self.field(number)
        return "" if said.strip() == NULL else self.marks.plain(said).strip()

    @property
    def raw(self) -> str:
        """The segment as it came."""
        fields = self.fields[:1] + self.fields[2:] if self.name in HEADERS else self.fields
        return self.marks.field.join(fields)


@dataclass(slots=True)
class Message:
    """One message: its segments in the order in which they came, or what is wrong with it."""

    segments: list[Segment] = field(default_factory=list)
    fault: RowRefused | None = None
    raw: str = ""

    @property
    def header(self) -> Segment:
        return self.segments[0]

    @property
    def event(self) -> str:
        """What it is about: DFT^P03 for a charge. Versions 2.3 to 2.8 write both parts."""
        return f"{self.header.text(9)}^{self.header.text(9, 2)}"

    def first(self, name: str) -> Segment | None:
        return next((segment for segment in self.segments if segment.name == name), None)

    def text(self, name: str, number: int, component: int = 1) -> str:
        """A component of the first segment of that name; empty where there is none."""
        segment = self.first(name)
        return segment.text(number, component) if segment else ""

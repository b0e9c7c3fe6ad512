"""What a downloaded table holds: plainer and wider than the page, one value to a cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.exports.csv_writer import safe

Show = Callable[[Any], Any]
Said = tuple[str, list[Any]]


@dataclass(frozen=True)
class ExportColumn:
    """One column: its heading, the path to its value, and how the value is written."""

    heading: str
    path: str
    show: Show | None = None


def columns(*headings: str) -> tuple[ExportColumn, ...]:
    """Columns of rows that are sequences, each value at the place of its heading."""
    return tuple(ExportColumn(heading, str(place)) for place, heading in enumerate(headings))


class Label:
    """The words of a choice instead of its key; nothing for a key that is none."""

    def __init__(self, choices: Any) -> None:
        self.words = dict(choices.choices)

    def __call__(self, key: Any) -> Any:
        return self.words.get(key)

    @property
    def is_plain(self) -> bool:
        """Whether every key is text: a database cannot compare with a key that is nothing."""
        return bool(self.words) and None not in self.words

    def sql(self, column: str) -> Said:
        """The same, said to the database, and safe to open."""
        pairs = [(key, str(safe(str(word))) or None) for key, word in self.words.items()]
        whens = " ".join("WHEN %s THEN %s" for _ in pairs)
        return f"CASE {column} {whens} END", [value for pair in pairs for value in pair]


class Joined:
    """The parts of a list in one cell."""

    def __init__(self, between: str) -> None:
        self.between = between

    def __call__(self, parts: Any) -> str:
        return self.between.join(parts or ())

    def sql(self, column: str) -> Said:
        """The same, said to the database: text that may still begin like a formula."""
        return f"array_to_string({column}, %s)", [self.between]


label = Label
JOINED = Joined(" ")

"""Reading a day's files: ours, HL7 messages, or a facility's own under its saved mapping."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from authorizations.exchange.bounds import refusing_the_unreadable
from authorizations.exchange.column_mapping import (
    DELIMITERS,
    NEEDED,
    NEEDED_TOO,
    Mapping,
    first_line,
    guess_delimiter,
    read_mapped,
    words,
)
from authorizations.exchange.column_matching import normal
from authorizations.exchange.hl7_framing import is_hl7
from authorizations.exchange.row_reader import FileRefused, decode
from authorizations.exchange.treatments_csv import (
    COLUMNS,
    Item,
    parse_lines,
    parse_treatments,
)
from authorizations.exchange.treatments_hl7 import parse_messages
from authorizations.imports.sender_mappings import Senders
from authorizations.models import ColumnMapping


class NotMatched(FileRefused):
    """The headings of a file are neither ours nor those of a saved mapping."""

    def __init__(self, content: bytes) -> None:
        super().__init__(
            "The headings in line 1 are not ours and no saved column mapping fits them. Match "
            "the columns once on the import page; they are remembered for the facility."
        )
        self.content = content


class FileReader:
    """Reads each file as it is meant. Raises FileRefused; lists in ``notes`` what it applied.

    ``facility`` is the code of the facility whose mapping is meant where two would fit.
    """

    def __init__(self, allowed: Collection[str] | None = None, facility: str = "") -> None:
        rows = ColumnMapping.objects.select_related("facility")
        if allowed is not None:
            rows = rows.filter(facility__code__in=allowed)
        self.mappings = [mapping_of(row) for row in rows]
        self.facility = facility
        self.senders = Senders(allowed, facility)
        self.notes: list[str] = []

    def read(self, content: bytes) -> list[Item]:
        """The lines of one file, each read or refused. Raises FileRefused for the whole."""
        with refusing_the_unreadable():
            return list(self._items(content))

    def _items(self, content: bytes) -> Iterable[Item]:
        if is_hl7(content):
            return parse_messages(content, self.senders.sender_of)
        text = decode(content)
        if is_ours(text):
            return parse_treatments(content)
        mapping = self._choose(text, content)
        self._note(mapping)
        return parse_lines(read_mapped(content, mapping))

    def _choose(self, text: str, content: bytes) -> Mapping:
        fitting = list(self._fitting(text))
        if self.facility:
            fitting = [m for m in fitting if m.facility == self.facility]
        if not fitting:
            refuse_hopeless(text)
            raise NotMatched(content)
        if len(fitting) > 1:
            names = " and ".join(mapping.facility for mapping in fitting)
            raise FileRefused(f"The mappings of {names} both fit this file. Choose the facility.")
        return fitting[0]

    def _fitting(self, text: str) -> Iterator[Mapping]:
        for mapping in self.mappings:
            if mapping.fits(first_line(text, DELIMITERS[mapping.delimiter])):
                yield mapping

    def _note(self, mapping: Mapping) -> None:
        note = f"Read by the saved column mapping of {mapping.facility}."
        if mapping.shift_unit == "cm":
            note += " Its shifts are in centimetres and are kept in millimetres: 0.37 cm is 3.7 mm."
        if note not in self.notes:
            self.notes.append(note)


def is_ours(text: str) -> bool:
    """Whether the first line names our own columns, or most of them."""
    heading = {normal(cell) for cell in first_line(text, ",")}
    known = [column for column in COLUMNS if normal(column) in heading]
    return len(known) > len(COLUMNS) * 3 // 4


def refuse_hopeless(text: str) -> None:
    """A file without headings, or with too few for a treatment, has nothing to be matched."""
    cells = [cell for cell in first_line(text, DELIMITERS[guess_delimiter(text)]) if cell]
    if not cells:
        raise FileRefused("The file is empty. Its first line names the columns.")
    needed = (*NEEDED, *NEEDED_TOO)
    if len(cells) < len(needed):
        names = ", ".join(needed)
        raise FileRefused(f"The first line has {len(cells)} columns; needed are at least {names}.")


def mapping_of(row: ColumnMapping) -> Mapping:
    """A saved mapping as plain values."""
    return Mapping(
        facility=row.facility.code,
        columns=row.columns,
        date_format=row.date_format,
        decimal_mark=row.decimal_mark,
        delimiter=row.delimiter,
        shift_unit=row.shift_unit,
        yes_words=words(row.yes_words),
        no_words=words(row.no_words),
        time_zone=row.facility.time_zone,
    )


__all__ = ["FileReader", "NotMatched", "guess_delimiter", "mapping_of"]

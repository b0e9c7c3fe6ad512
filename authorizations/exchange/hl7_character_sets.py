"""The character sets that MSH-18 names, by the name of HL7 table 0211, an IANA name or a number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from accounts.readers import shown_text
from authorizations.exchange.refusals import RowRefused

UTF_8 = "utf-8"
NAMES = {
    "": UTF_8,
    "UNICODE": UTF_8,
    "UNICODEUTF8": UTF_8,
    "UTF8": UTF_8,
    "65001": UTF_8,
    "ASCII": "ascii",
    "USASCII": "ascii",
    "ISOIR6": "ascii",
    "20127": "ascii",
    "LATIN1": "iso-8859-1",
    "ISOIR100": "iso-8859-1",
    "LATIN9": "iso-8859-15",
    "1252": "cp1252",
    "CP1252": "cp1252",
    "WINDOWS1252": "cp1252",
}
PARTS_OF_8859 = (*range(1, 12), 13, 14, 15, 16)
NAMES |= {f"8859{n}": f"iso-8859-{n}" for n in PARTS_OF_8859}
NAMES |= {f"ISO8859{n}": f"iso-8859-{n}" for n in PARTS_OF_8859}
NAMES |= {str(28590 + n): f"iso-8859-{n}" for n in PARTS_OF_8859}


def encoding_of(name: str) -> str | None:
    """The encoding meant by a name such as 8859/1, ISO-8859-1, UNICODE UTF-8 or 1252."""
    return NAMES.get(re.sub(r"[^0-9A-Z]", "", name.upper()))


def decoded(content: bytes, names: Sequence[str], line: int) -> tuple[str, str]:
    """The text of a message and its encoding: the first of those named that fits.

    Raises RowRefused where none fits, with the line of the first byte that does not.
    """
    at = 0
    for encoding in encodings(names):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError as error:
            at = error.start
    said = " and ".join(name for name in names if name)
    where = line + len(re.findall(rb"\r\n?|\n", content[:at]))
    remedy = "Correct MSH-18." if said else "Name the character set in MSH-18."
    sentence = f"Line {where} is not in {shown_text(said) or 'UTF-8'}. {remedy}"
    raise RowRefused("character_set", sentence)


def encodings(names: Sequence[str]) -> Iterator[str]:
    """The encodings of the names. Raises RowRefused for a name that is not known."""
    for name in names or [""]:
        found = encoding_of(name)
        if found is None:
            sentence = f"MSH-18 names the character set “{shown_text(name)}”. Send UNICODE UTF-8."
            raise RowRefused("character_set", sentence)
        yield found

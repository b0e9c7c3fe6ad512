"""The code of a row on paper: short, typed by people, stable for a course, day and session.

Eight signs and a check sign over Crockford's alphabet (no I, L, O, U). It holds our own number of
the course, the days since 2020 and the session of the day; nothing of the patient. The check sign
is a sum over a field of 32: one wrong sign or two neighbours swapped are always found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FIRST_DAY = date(2020, 1, 1)
DAY_BITS, SESSION_BITS, SIGNS = 14, 2, 8
MODULUS = 0b100101  # x⁵ + x² + 1, under which doubling walks through all 31 values
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


@dataclass(frozen=True, slots=True)
class RowCode:
    """Which row of which day a code means."""

    course: int
    on: date
    session_of_day: int


class NotACode(ValueError):
    """What was typed is no code of a row, with why."""


def write_code(row: RowCode) -> str:
    """The code in three groups, such as 0014-8C3D-K."""
    days = (row.on - FIRST_DAY).days
    number = (row.course << DAY_BITS | days) << SESSION_BITS | row.session_of_day
    values = [number >> 5 * place & 31 for place in reversed(range(SIGNS))]
    signs = "".join(ALPHABET[value] for value in (*values, check_of(values)))
    return f"{signs[:4]}-{signs[4:8]}-{signs[8:]}"


def read_code(text: str) -> RowCode:
    """The row a typed code means, hyphens and small letters or not. Raises NotACode."""
    signs = text.upper().translate(READ_AS)
    if len(signs) != SIGNS + 1 or any(sign not in ALPHABET for sign in signs):
        raise NotACode("A code has nine letters and digits, such as 0014-8C3D-K.")
    values = [ALPHABET.index(sign) for sign in signs]
    if check_of(values[:SIGNS]) != values[SIGNS]:
        raise NotACode("This code has a slip: compare each sign with the sheet.")
    number = 0
    for value in values[:SIGNS]:
        number = number << 5 | value
    days = number >> SESSION_BITS & (1 << DAY_BITS) - 1
    course = number >> SESSION_BITS + DAY_BITS
    return RowCode(course, FIRST_DAY + timedelta(days=days), number & (1 << SESSION_BITS) - 1)


def check_of(values: list[int]) -> int:
    """The check value: each sign doubled once more than the one after it, and added up."""
    total = 0
    for value in values:
        total = doubled(total ^ value)
    return total


def doubled(value: int) -> int:
    value <<= 1
    return value ^ MODULUS if value > 31 else value

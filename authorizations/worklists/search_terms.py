"""What somebody typed into the search, taken apart: words of a name, birth dates, a number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

APOSTROPHES = dict.fromkeys(map(ord, "'`´ʼ‘’"))
LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "đ": "d", "ł": "l"})
BETWEEN_WORDS = re.compile("[\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\xbf\u2010-\u2015]+")
ACCENTS = re.compile("[\u0300-\u036f]")

MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
MONTH_NAME = rf"(?P<month>{'|'.join(MONTHS)})[a-z]*\.?"
DATES = tuple(  # as people write them
    re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE | re.ASCII)
    for pattern in (
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
        r"(?P<month>\d{1,2})[-/.](?P<day>\d{1,2})[-/.](?P<year>\d{4}|\d\d)",
        rf"{MONTH_NAME}\s*(?P<day>\d{{1,2}})(?:,\s*|\s+)(?P<year>\d{{4}})",
        rf"(?P<day>\d{{1,2}})\s*{MONTH_NAME}\s*(?P<year>\d{{4}})",
        r"(?P<month>\d\d)(?P<day>\d\d)(?P<year>(?:19|20)\d\d)",
        r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)",
    )
)
SHORTEST_NUMBER = 3  # shorter, a part of a number would be found nearly everywhere


@dataclass(frozen=True)
class SearchTerms:
    """The same text read in each way that makes sense. Words and birth dates go together."""

    words: tuple[str, ...] = ()
    born: tuple[date, ...] = ()
    number: str = ""

    @property
    def has_digit(self) -> bool:
        return re.search("[0-9]", self.number) is not None

    @property
    def is_name(self) -> bool:
        """Whether it may be a name, with or without a birth date, that is written nearly so."""
        return bool(self.words) and not any(re.search("[0-9]", word) for word in self.words)


def read_search(text: str, today: date) -> SearchTerms:
    """Take the text apart. A text of digits alone may be a date and a number at once."""
    born: tuple[date, ...] = ()
    rest = text
    for pattern in DATES:
        found = pattern.search(text)
        days = tuple(birth_dates(found, today)) if found else ()
        if found and days:
            born, rest = days, text[: found.start()] + " " + text[found.end() :]
            break
    number = plain_number(text)
    is_number = len(number) >= SHORTEST_NUMBER and "/" not in text
    return SearchTerms(plain_words(rest), born, number if is_number else "")


def birth_dates(found: re.Match[str], today: date) -> Iterator[date]:
    """The past days it may mean: a year of two digits is of this century and of the last one."""
    month, day, year = (found[name] for name in ("month", "day", "year"))
    month_number = (
        MONTHS.index(month[:3].lower()) + 1 if month[:3].lower() in MONTHS else int(month)
    )
    day_number = int(day)
    if month_number > 12 >= day_number:  # 14/3/1958, as the rest of the world writes
        month_number, day_number = day_number, month_number
    years = (int(year),) if len(year) == 4 else (1900 + int(year), 2000 + int(year))
    for each in years:
        try:
            meant = date(each, month_number, day_number)
        except ValueError:
            continue
        if date(1890, 1, 1) <= meant <= today:
            yield meant


def plain_words(text: str) -> tuple[str, ...]:
    """The words as the database compares them (``words_to_search``)."""
    plain = unicodedata.normalize("NFKD", text.translate(APOSTROPHES)).lower().translate(LETTERS)
    return tuple(BETWEEN_WORDS.sub(" ", ACCENTS.sub("", plain)).split())


def plain_number(text: str) -> str:
    """The letters and digits as the database compares them (``number_to_search``)."""
    return re.sub("[^0-9A-Za-z]", "", text).upper()


def near_words(word: str) -> list[str]:
    """A word with two neighbouring letters changed over, or one letter left out."""
    swapped = (word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1))
    shorter = (word[:i] + word[i + 1 :] for i in range(1, len(word)))
    return sorted({*swapped, *shorter} - {word}) if len(word) >= 4 else []

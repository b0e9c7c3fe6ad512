"""By when a claim must reach the payer, counted from the date of service."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

END_OF_NEXT_YEAR = "end of next calendar year"
WRITTEN = re.compile(r"([1-9][0-9]{0,3}) (days|calendar months)")


@dataclass(frozen=True, slots=True)
class FilingLimit:
    """So many days or calendar months; or until the end of the next calendar year (amount 0)."""

    amount: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> FilingLimit:
        """Read “90 days”, “12 calendar months” or “end of next calendar year”. Raises
        ValueError.
        """
        if text == END_OF_NEXT_YEAR:
            return cls(0, END_OF_NEXT_YEAR)
        found = WRITTEN.fullmatch(text)
        if not found:
            raise ValueError(f"Not a filing limit: {text!r}.")
        return cls(int(found[1]), found[2])

    def __str__(self) -> str:
        return self.unit if self.unit == END_OF_NEXT_YEAR else f"{self.amount} {self.unit}"


def filing_deadline(date_of_service: date, limit: FilingLimit) -> date:
    """The last day on which a claim may reach the payer. Months end on the same day or the last."""
    if limit.unit == END_OF_NEXT_YEAR:
        return date(date_of_service.year + 1, 12, 31)
    if limit.unit == "days":
        return date_of_service + timedelta(days=limit.amount)
    return months_later(date_of_service, limit.amount)


def months_later(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))

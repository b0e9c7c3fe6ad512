"""By when a claim must reach the payer, counted from the date of service."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from payers.clocks.calendars import months_later

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


def filing_deadline(
    date_of_service: date, limit: FilingLimit, *, primary_answered_on: date | None = None
) -> date:
    """The last day on which a claim may reach the payer. Months end on the same day or the last.

    A secondary payer counts days and months from the primary's answer, where there is one.
    """
    if limit.unit == END_OF_NEXT_YEAR:
        return date(date_of_service.year + 1, 12, 31)
    start = max(date_of_service, primary_answered_on or date_of_service)
    if limit.unit == "days":
        return start + timedelta(days=limit.amount)
    return months_later(start, limit.amount)

"""Gold cards: programmes that waive asking for those whose requests are almost always approved.

Each is dated and cited. A share of approvals is all that is judged here; whether radiation-therapy
codes are among those a card covers is not published where it says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

STATE_REGULATED = frozenset({"commercial_fully_insured", "exchange"})
ALL_LINES: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Programme:
    """Whose card it is, for which plans, and what must be shown, year by year, back from today.

    An empty payer means any payer with a plan of that state; no lines of business mean all.
    ``requests_a_year`` of 0 means that no minimum has been verified.
    """

    key: str
    name: str
    payer: str
    state: str
    lines_of_business: frozenset[str]
    approved_percent: int
    requests_a_year: int
    years: int
    effective_from: date
    source: str
    source_url: str
    confidence: str
    caveat: str

    def is_for(self, payer: str, plans: frozenset[tuple[str, str]]) -> bool:
        """Whether a payer with these plans (line of business, state) can give this card."""
        return self.payer in ("", payer) and any(self.covers(*plan) for plan in plans)

    def covers(self, line_of_business: str, state: str) -> bool:
        is_line = not self.lines_of_business or line_of_business in self.lines_of_business
        return is_line and self.state in ("", state)

    def spans(self, today: date) -> tuple[tuple[date, date], ...]:
        """The years looked back on, the latest first, both days inclusive."""
        ends = [today - timedelta(days=365 * n) for n in range(self.years)]
        return tuple((end - timedelta(days=364), end) for end in ends)


PROGRAMMES = (
    Programme(
        "uhc-national",
        "UnitedHealthcare national gold card",
        "unitedhealthcare",
        "",
        ALL_LINES,
        92,
        10,
        2,
        date(2024, 10, 1),
        "UnitedHealthcare, gold card programme",
        "https://uhg6-prod.adobecqms.net/news-articles/newsroom/gold-card",
        "A",
        "It covers about 500 codes; whether those of radiation therapy are among them is not "
        "verified, nor the year of the first card. Cards begin each 1 October; delegated members "
        "are left out. We count all our requests, for we cannot tell the eligible ones.",
    ),
    Programme(
        "texas",
        "Texas gold card (state law)",
        "",
        "TX",
        STATE_REGULATED,
        90,
        0,
        1,
        date(2025, 9, 1),
        "Texas Department of Insurance on HB 3459 as amended by HB 3812",
        "https://www.tdi.texas.gov/health/hb3459-faq.html",
        "A",
        "One year is looked back on. The law judges each service by itself; a minimum of requests "
        "is not verified. It is in force from 1 Sep 2025.",
    ),
)


@dataclass(frozen=True, slots=True)
class Year:
    """One year of a programme: what was asked and approved in full."""

    since: date
    through: date
    asked: int
    approved: int

    @property
    def percent(self) -> float | None:
        return 100 * self.approved / self.asked if self.asked else None


def missing(programme: Programme, year: Year) -> str:
    """What a year lacks in words; nothing when it is enough."""
    short = max(programme.requests_a_year, 1) - year.asked
    more = approvals_to_come(year.asked, year.approved, programme.approved_percent)
    if more >= short:
        return f"{more} more approval{'s' * (more != 1)} in a row" if more else ""
    wanted = ceil(programme.approved_percent * (year.asked + short) / 100) - year.approved
    return f"{short} more request{'s' * (short != 1)}, at least {wanted} approved in full"


def approvals_to_come(asked: int, approved: int, percent: int) -> int:
    """How many approvals without a denial would lift the share to so many percent."""
    lacking = percent * asked - 100 * approved
    return max(ceil(lacking / (100 - percent)), 0)


def programmes_of(payer: str, plans: frozenset[tuple[str, str]], on: date) -> tuple[Programme, ...]:
    """The programmes in force on a day that a payer with these plans takes part in."""
    return tuple(p for p in PROGRAMMES if p.effective_from <= on and p.is_for(payer, plans))

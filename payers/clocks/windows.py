"""Windows that are ours: to send what was asked for, to speak peer to peer, to appeal.

A letter's own date always wins. Where nobody publishes a window
the answer is None, never a guess.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from payers.clocks.calendars import Deadline, Span, Unit, after

ADVANTAGE = "medicare_advantage"
COMMERCIAL = frozenset({"commercial_fully_insured", "commercial_self_funded", "exchange"})
MEDICAID = frozenset({"medicaid_managed", "medicaid_ffs"})
TRANSITION = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Window:
    """Whom it is for, how long it is open, and who says so. An empty payer means any."""

    key: str
    payer: str
    lines_of_business: frozenset[str]
    span: Span
    source: str
    confidence: str

    def fits(self, payer: str, line_of_business: str) -> bool:
        is_payers = self.payer in ("", payer)
        return is_payers and line_of_business in self.lines_of_business


def days(amount: int) -> Span:
    return Span(amount, Unit.CALENDAR_DAYS)


EVERY_LINE = COMMERCIAL | MEDICAID | {ADVANTAGE, "fep"}
READ_ABOUT = "not read in the regulation itself"
APPEALS = (
    Window("advantage-appeal", "", frozenset({ADVANTAGE}), days(65), "42 CFR 422.582", "B"),
    Window("cigna-appeal", "cigna", COMMERCIAL, days(180), "Cigna, appeals reminders", "A"),
    Window("employer-appeal", "", COMMERCIAL, days(180), "29 CFR 2560.503-1(h)", "A"),
    Window(
        "medicaid-appeal",
        "",
        MEDICAID,
        days(60),
        f"42 CFR 438.402(c)(2)(ii), {READ_ABOUT}",
        "C",
    ),
    Window(
        "fep-reconsideration",
        "",
        frozenset({"fep"}),
        Span(6, Unit.CALENDAR_MONTHS),
        f"5 CFR 890.105, {READ_ABOUT}",
        "C",
    ),
    Window(
        "medicare-redetermination",
        "",
        frozenset({"medicare_ffs"}),
        days(125),
        f"42 CFR 405.942: 120 days from receipt, presumed five days after the notice; {READ_ABOUT}",
        "C",
    ),
)
PEER_TO_PEER = (
    Window(
        "uhc-peer-to-peer",
        "unitedhealthcare",
        EVERY_LINE,
        Span(24, Unit.HOURS),
        "UnitedHealthcare's page says 24 hours and 21 calendar days; the earlier is safe",
        "C",
    ),
)
INFORMATION = (
    Window(
        "core-close-out",
        "",
        EVERY_LINE,
        Span(15, Unit.BUSINESS_DAYS),
        "CAQH CORE operating rule 2020 (voluntary): closed after 15 business days of silence",
        "C",
    ),
)


def appeal_deadline(
    *, payer: str, line_of_business: str, decided_at: datetime, time_zone: str
) -> Deadline | None:
    """The last day to appeal, counted from the notice; None where no window is published."""
    return first_fitting(APPEALS, payer, line_of_business, decided_at, time_zone)


def peer_to_peer_deadline(
    *, payer: str, line_of_business: str, decided_at: datetime, time_zone: str
) -> Deadline | None:
    """By when a physician may still call; None where the payer publishes nothing: ask at once."""
    return first_fitting(PEER_TO_PEER, payer, line_of_business, decided_at, time_zone)


def information_deadline(
    *, payer: str, line_of_business: str, asked_at: datetime, time_zone: str
) -> Deadline | None:
    """By when the payer may close a request that waits for our documents."""
    return first_fitting(INFORMATION, payer, line_of_business, asked_at, time_zone)


def retrospective_deadline(*, payer: str, line_of_business: str, treated_on: date) -> None:
    """No payer publishes a window to ask after treatment for radiation therapy: always None."""


def transition_ends_on(*, joined_on: date, line_of_business: str) -> date | None:
    """The last day on which a Medicare Advantage plan honours a course under way when joining.

    Ninety days, the day of joining being the first. Source: 42 CFR 422.112(b)(8).
    """
    if line_of_business != ADVANTAGE:
        return None
    return joined_on + TRANSITION - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Continuity:
    """How long a new plan has undertaken, or must, honour a course that another plan approved.

    What binds by law is a permission; a commitment is an argument for the telephone and the appeal.
    """

    days: int
    is_law: bool
    source: str
    confidence: str
    state: str = ""
    effective_from: date = date(2026, 1, 1)


INSURERS_COMMITMENT = Continuity(
    90,
    False,
    "Insurers' commitment of June 2025 (AHIP and BCBSA), in effect since 2026-01-01",
    "C",
)
CONTINUITY_BY_STATE = (
    Continuity(60, True, "Neb. LB 77", "B", "NE"),
    Continuity(60, True, "N.D. SB 2280, ch. 26.1-36.12", "B", "ND"),
    Continuity(60, True, "New Jersey law, as listed; not held against the statute", "C", "NJ"),
)


def continuity_on_joining(
    *, joined_on: date, line_of_business: str, state: str
) -> tuple[tuple[date, Continuity], ...]:
    """What may be held up to a commercial plan about a course under way: the last day of each.

    The law of the state comes first; the insurers' own commitment is named whatever the state.
    """
    if line_of_business not in COMMERCIAL:
        return ()
    is_insured = line_of_business != "commercial_self_funded"
    rows = [row for row in CONTINUITY_BY_STATE if row.state == state and is_insured]
    return tuple(
        (joined_on + timedelta(days=row.days - 1), row)
        for row in (*rows, INSURERS_COMMITMENT)
        if row.effective_from <= joined_on
    )


@dataclass(frozen=True, slots=True)
class ValidityFloor:
    """The shortest time for which a state lets an approval be given, in calendar months."""

    state: str
    months: int
    effective_from: date
    source: str
    confidence: str


VALIDITY_FLOORS = (
    ValidityFloor("IN", 12, date(2026, 1, 1), "IC 27-1-37.5-26, in a copy that gives no first day; "
                  "it may lapse where treatment has not begun within 45 business days", "C"),
    ValidityFloor("WY", 12, date(2026, 1, 1), "Wyo. Stat. 26-55-110, in a copy that gives no first "
                  "day; outpatient care", "C"),
    ValidityFloor("NE", 12, date(2026, 1, 1), "Neb. Rev. Stat. 44-5441", "A"),
    ValidityFloor("ND", 6, date(2026, 1, 1), "N.D. SB 2280; 12 months for chronic conditions", "B"),
    ValidityFloor("NJ", 6, date(2025, 1, 1), "New Jersey law; sources differ (180 days, a year)",
                  "C"),
)  # fmt: skip


def validity_floor(*, line_of_business: str, state: str, on: date) -> ValidityFloor | None:
    """How long an approval given that day must at least last; None where no row says so."""
    if line_of_business not in ("commercial_fully_insured", "exchange"):
        return None
    rows = (row for row in VALIDITY_FLOORS if row.state == state and row.effective_from <= on)
    return next(rows, None)


def first_fitting(
    windows: Iterable[Window], payer: str, line_of_business: str, moment: datetime, time_zone: str
) -> Deadline | None:
    """The deadline by the first window that fits, the payer's own before the general one."""
    window = next((w for w in windows if w.fits(payer, line_of_business)), None)
    if window is None:
        return None
    return Deadline(
        due_at=after(moment, window.span, time_zone),
        rule=window.key,
        title=str(window.span),
        source=window.source,
        confidence=window.confidence,
    )

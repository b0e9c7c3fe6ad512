"""Where a state forbids what a payer would otherwise ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

STATE_REGULATED = frozenset(
    {"commercial_fully_insured", "exchange", "medicaid_managed", "medicaid_ffs"}
)


@dataclass(frozen=True, slots=True)
class Prohibition:
    """A state forbids prior authorization for this care, from a day on, for plans it regulates."""

    state: str
    effective_from: date
    source: str
    condition: str


PROHIBITIONS = (
    Prohibition(
        "MN",
        date(2026, 1, 1),
        "Minn. Stat. 62M.07 subd. 2, read in a bill that quotes it; Minnesota Medical Association",
        "treatment other than medication, consistent with NCCN guidelines; keep the note that says "
        "so",
    ),
)


def prohibition(*, line_of_business: str, state: str, on: date) -> Prohibition | None:
    """The law that forbids asking this plan on that day; None where there is none.

    Self-funded, Medicare and federal plans are not the states' to regulate.
    """
    if line_of_business not in STATE_REGULATED:
        return None
    return next((p for p in PROHIBITIONS if p.state == state and p.effective_from <= on), None)

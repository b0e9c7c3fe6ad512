"""What each modifier does on a guidance line: the one table that rules and pages read.

The words a page shows for a modifier are reference rows; a test holds them to this table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

BEGINNING, X_MODIFIERS_BEGIN = date(2000, 1, 1), date(2015, 1, 1)


class Use(StrEnum):
    """How a modifier may be used with guidance."""

    COMPONENT = "component"  # physician's or equipment's part: sets the price
    REPEAT = "repeat"  # a further session of a day
    DISTINCT = "distinct"  # passes a pairing with indicator 1
    INFORMATION = "information"  # allowed, changes no price
    SUBSTITUTE = "substitute"  # a physician who stood in
    NOTICE = "notice"  # Medicare's advance notices
    BY_HAND = "by_hand"  # only where a coder says why
    HOSPITAL = "hospital"  # on a hospital's claim only
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class ModifierUse:
    """One modifier, its use, its place in the order of a line, and why."""

    code: str
    use: Use
    why: str = ""
    effective_from: date = BEGINNING
    effective_through: date | None = None

    @property
    def rank(self) -> int:
        """Pricing first, then repeats and distinct services, then what only informs."""
        return RANKS.get(self.use, 2)

    def is_in_force(self, on: date) -> bool:
        is_over = self.effective_through is not None and on > self.effective_through
        return self.effective_from <= on and not is_over


RANKS = {Use.COMPONENT: 0, Use.REPEAT: 1, Use.DISTINCT: 1}

TABLE: tuple[ModifierUse, ...] = (
    ModifierUse("26", Use.COMPONENT),
    ModifierUse("TC", Use.COMPONENT),
    ModifierUse("76", Use.REPEAT),
    ModifierUse("77", Use.REPEAT),
    ModifierUse("59", Use.DISTINCT),
    ModifierUse("XE", Use.DISTINCT, effective_from=X_MODIFIERS_BEGIN),
    ModifierUse("XP", Use.DISTINCT, effective_from=X_MODIFIERS_BEGIN),
    ModifierUse("XS", Use.DISTINCT, effective_from=X_MODIFIERS_BEGIN),
    ModifierUse("XU", Use.DISTINCT, effective_from=X_MODIFIERS_BEGIN),
    ModifierUse("GC", Use.INFORMATION),
    ModifierUse("Q5", Use.SUBSTITUTE),
    ModifierUse("Q6", Use.SUBSTITUTE),
    ModifierUse("GA", Use.NOTICE),
    ModifierUse("GY", Use.NOTICE),
    ModifierUse("GZ", Use.NOTICE),
    ModifierUse("GX", Use.BY_HAND, "a notice for what is not covered"),
    ModifierUse("KX", Use.BY_HAND, "only where a coverage policy asks for it"),
    ModifierUse("22", Use.BY_HAND, "for procedures with a global period"),
    ModifierUse("52", Use.BY_HAND, "a review is done or it is not"),
    ModifierUse("53", Use.NEVER, "a broken-off procedure"),
    ModifierUse("73", Use.NEVER, "an ambulatory center's broken-off procedure"),
    ModifierUse("74", Use.NEVER, "an ambulatory center's broken-off procedure"),
    ModifierUse("24", Use.NEVER, "a visit"),
    ModifierUse("25", Use.NEVER, "a visit"),
    ModifierUse("57", Use.NEVER, "a visit"),
    ModifierUse("95", Use.NEVER, "telehealth"),
    ModifierUse("50", Use.NEVER, "a side, and the bilateral indicator is 0"),
    ModifierUse("LT", Use.NEVER, "a side, and the bilateral indicator is 0"),
    ModifierUse("RT", Use.NEVER, "a side, and the bilateral indicator is 0"),
    ModifierUse("CT", Use.NEVER, "a reduction for old diagnostic CT equipment"),
    ModifierUse("FX", Use.NEVER, "a reduction for diagnostic X-ray film"),
    ModifierUse("FY", Use.NEVER, "a reduction for diagnostic computed radiography"),
    ModifierUse("PO", Use.HOSPITAL, "a hospital department off campus, on the hospital's claim"),
    ModifierUse("PN", Use.HOSPITAL, "a hospital department off campus, on the hospital's claim"),
)


def use_of(code: str, on: date) -> ModifierUse | None:
    """The row of a modifier in force on a day; None where the table does not know it then."""
    return next((row for row in TABLE if row.code == code and row.is_in_force(on)), None)


def codes_with(*uses: Use) -> frozenset[str]:
    """The modifiers of these uses, on any day."""
    return frozenset(row.code for row in TABLE if row.use in uses)


def in_order(modifiers: Iterable[str], on: date) -> tuple[str, ...]:
    """The modifiers as a line writes them; those of one rank stay as they were."""
    return tuple(sorted(modifiers, key=lambda code: rank_of(code, on)))


def rank_of(code: str, on: date) -> int:
    """Where a modifier stands on the line; one that is unknown stands last."""
    row = use_of(code, on)
    return row.rank if row else 2

"""From figures to numbers: each set of rows is asked once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from accounts.readers import read_row_number
from authorizations.dashboards import aggregates as tally
from authorizations.dashboards.aggregates import Key, Tallies, Totals
from authorizations.dashboards.figure_list import FEW, Figure, Kind
from authorizations.dashboards.period import Period
from authorizations.dashboards.rollups import read as kept
from authorizations.dashboards.rowsets import RowSet


@dataclass(frozen=True)
class FigureCell:
    """A figure of one payer or of all: how many rows it counts, out of how many, its value.

    ``part`` of ``whole`` is what is divided: rows of a share, units of a ratio.
    """

    figure: Figure
    counted: int
    out_of: int
    value: Decimal | float | None
    part: int | Decimal | None = None
    whole: int | Decimal | None = None

    @property
    def is_few(self) -> bool:
        """So few rows that the value says little; shown pale, and never used to rank."""
        return self.figure.marks_few and 0 < self.out_of < FEW

    @property
    def is_none(self) -> bool:
        return not self.value if self.value is not None else True

    @property
    def text(self) -> str:
        return format_value(self.figure.kind, self.value)

    @property
    def counted_text(self) -> str:
        """How many rows, as a count of them reads."""
        return f"{self.counted:,}"


def format_value(kind: Kind, value: Decimal | float | None) -> str:
    """A value as people read it: 84 %, $1,234, 4.5."""
    if value is None:
        return "–"
    if kind in (Kind.SHARE, Kind.RATIO):
        return f"{percent(value)} %"
    if kind == Kind.MONEY:
        return f"${value:,.0f}"
    return f"{value:.1f}".removesuffix(".0") if kind == Kind.PERCENTILE else f"{value:,}"


def percent(value: Decimal | float) -> str:
    """Whole percents, but never all or none where it is not."""
    if 0 < value < 1:
        return "<1"
    return ">99" if 99 < value < 100 else f"{value:.0f}"


def figure_cell(figure: Figure, found: Totals) -> FigureCell:
    """The figure that these numbers make."""
    counted, out_of = found.numbers[figure.counted], found.numbers[figure.out_of_rows]
    sides = figure.sides(found) or (None, None)
    return FigureCell(figure, counted, out_of, figure.value(found), *sides)


def by_base(figures: Iterable[Figure]) -> dict[RowSet, list[Figure]]:
    found: dict[RowSet, list[Figure]] = defaultdict(list)
    for figure in figures:
        found[figure.base].append(figure)
    return found


@dataclass(frozen=True)
class Answers:
    """Figures of a period as asked of the database once: of each payer, and of all together."""

    tallies: dict[RowSet, Tallies]
    figures: dict[RowSet, list[Figure]]

    def totals(self, payer: str = "") -> dict[str, FigureCell]:
        """Each figure over all payers, or of one."""
        found: dict[str, FigureCell] = {}
        for base, tallies in self.tallies.items():
            whole = tally.total_of_tallies(t for key, t in tallies.items() if is_of(key, payer))
            found |= {figure.key: figure_cell(figure, whole) for figure in self.figures[base]}
        return found

    def by_payer(self) -> dict[Key, dict[str, FigureCell]]:
        """Each figure of each payer and line of business that has rows in some base."""
        keys = {key for tallies in self.tallies.values() for key in tallies}
        return {
            key: {
                figure.key: figure_cell(figure, tallies_of.get(key, Totals()))
                for base, tallies_of in self.tallies.items()
                for figure in self.figures[base]
            }
            for key in keys
        }


def ask(figures: Iterable[Figure], period: Period) -> Answers:
    """The figures of a period, from the kept counts where they know, else from the rows."""
    wanted = by_base(figures)
    return Answers({base: tallies_of(base, mine, period) for base, mine in wanted.items()}, wanted)


def tallies_of(base: RowSet, figures: list[Figure], period: Period) -> Tallies:
    numbers = tuple(dict.fromkeys(number for figure in figures for number in figure.numbers))
    spreads = tuple(dict.fromkeys(figure.spread for figure in figures if figure.spread))
    found = kept.stored_tallies(base, period, numbers, spreads)
    if found is not None:
        return found
    return tally.of_rows(base.rows(period), base.who, period, numbers, spreads)


def totals(figures: Iterable[Figure], period: Period, payer: str = "") -> dict[str, FigureCell]:
    """Each figure over all payers, or of one."""
    return ask(figures, period).totals(payer)


def figures_by_payer(figures: Iterable[Figure], period: Period) -> dict[Key, dict[str, FigureCell]]:
    """Each figure of each payer and line of business that has rows in some base."""
    return ask(figures, period).by_payer()


def payer_number(payer: str) -> int | None:
    """The payer an address names; None where it names none."""
    return read_row_number(payer)


def is_of(key: Key, payer: str) -> bool:
    """Whether a row of the table is about the payer an address names; nothing named means all."""
    if not payer:
        return True
    return key[0] is None if payer == "none" else key[0] == (payer_number(payer) or 0)


def of_payer(base: RowSet, rows: QuerySet, payer: str, line_of_business: str | None) -> QuerySet:
    """Rows of a payer; ``none`` are those without coverage; nothing given means all."""
    if payer == "none":
        rows = rows.filter(**{f"{base.payer}__isnull": True})
    elif payer:
        number = payer_number(payer)
        rows = rows.none() if number is None else rows.filter(**{base.payer: number})
    if line_of_business:
        rows = rows.filter(**{base.line_of_business: line_of_business})
    return rows


def rows_behind(
    figure: Figure,
    period: Period,
    payer: str = "",
    line_of_business: str | None = None,
    *,
    is_whole: bool = False,
) -> QuerySet:
    """The rows a figure counts, or with ``is_whole`` those of its denominator."""
    rows = figure.rows_of(period) if is_whole else figure.rows(period)
    return of_payer(figure.base, rows, payer, line_of_business)

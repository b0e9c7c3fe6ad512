"""From figures to numbers: one question to the database for each set of rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Aggregate, Count, QuerySet, Sum

from authorizations.dashboards import treatment_days
from authorizations.dashboards.bases import Base
from authorizations.dashboards.figures import FEW, Figure, Kind
from authorizations.dashboards.period import Period
from authorizations.dashboards.sql import Percentile

Key = tuple[int | None, str]  # payer, line of business
SIDES = ("counted", "out_of")


@dataclass(frozen=True)
class Cell:
    """A figure of one payer or of all: how many rows it counts, out of how many, its value."""

    figure: Figure
    counted: int
    out_of: int
    value: Decimal | float | None

    @property
    def is_few(self) -> bool:
        """So few rows that the value says little; shown pale, and never used to rank."""
        return self.figure.marks_few and 0 < self.out_of < FEW

    @property
    def is_none(self) -> bool:
        return not self.value if self.value is not None else True

    @property
    def text(self) -> str:
        return in_words(self.figure.kind, self.value)


def in_words(kind: Kind, value: Decimal | float | None) -> str:
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


def aggregates(figure: Figure, period: Period) -> dict[str, Aggregate]:
    """What to ask of the rows of the base for this figure."""
    where, of = figure.where(period), (figure.of or figure.where)(period)
    wanted: dict[str, Aggregate] = {
        f"{figure.key}_counted": Count("pk", filter=where & of),
        f"{figure.key}_out_of": Count("pk", filter=of),
    }
    if figure.field and figure.kind == Kind.PERCENTILE:
        wanted[f"{figure.key}_sum"] = Percentile(figure.field, figure.fraction, filter=where)
    elif figure.field:
        wanted[f"{figure.key}_sum"] = Sum(figure.field, filter=where)
    if figure.out_of:
        wanted[f"{figure.key}_of_sum"] = Sum(figure.out_of, filter=of)
    return wanted


def cell(figure: Figure, row: dict[str, Any]) -> Cell:
    """The figure as answered."""
    counted, out_of = (row[f"{figure.key}_{side}"] for side in SIDES)
    return Cell(figure, counted, out_of, value(figure, row, counted, out_of))


def value(figure: Figure, row: dict[str, Any], counted: int, out_of: int) -> Any:
    if figure.kind == Kind.COUNT:
        return counted
    found = row.get(f"{figure.key}_sum")
    if figure.kind == Kind.SHARE:
        return hundredths(counted, out_of)
    if figure.kind == Kind.RATIO:
        return hundredths(found or 0, row[f"{figure.key}_of_sum"] or 0)
    return found if figure.kind == Kind.PERCENTILE else found or 0


def hundredths(part: int, whole: int) -> Decimal | None:
    return Decimal(100 * part) / whole if whole else None


def by_base(figures: Iterable[Figure]) -> dict[Base, list[Figure]]:
    found: dict[Base, list[Figure]] = defaultdict(list)
    for figure in figures:
        found[figure.base].append(figure)
    return found


def asked(figures: Iterable[Figure], period: Period) -> dict[str, Aggregate]:
    return {name: what for f in figures for name, what in aggregates(f, period).items()}


def totals(figures: Iterable[Figure], period: Period, payer: str = "") -> dict[str, Cell]:
    """Each figure over all payers, or of one."""
    found: dict[str, Cell] = {}
    for base, mine in by_base(figures).items():
        row = summed_by_day(mine, period, payer)
        if row is None:
            rows = of_payer(base, base.rows(period), payer, None).order_by()
            row = rows.aggregate(**asked(mine, period))
        found |= {figure.key: cell(figure, row) for figure in mine}
    return found


def by_payer(figures: Iterable[Figure], period: Period) -> dict[Key, dict[str, Cell]]:
    """Each figure of each payer and line of business that has rows in some base."""
    figures = list(figures)
    found: dict[Key, dict[str, Cell]] = defaultdict(dict)
    for base, mine in by_base(figures).items():
        for key, row in rows_by_payer(base, mine, period):
            found[key] |= {figure.key: cell(figure, row) for figure in mine}
    return {key: filled(cells, figures) for key, cells in found.items()}


def rows_by_payer(
    base: Base, figures: list[Figure], period: Period
) -> Iterable[tuple[Key, dict[str, Any]]]:
    """What the figures of a base come to, by payer and line of business."""
    keys = [figure.key for figure in figures]
    if treatment_days.can_answer(keys):
        for key, counts in treatment_days.by_payer(period).items():
            yield key, treatment_days.asked(keys, counts)
        return
    rows = base.rows(period).order_by().values(base.payer, base.line_of_business)
    for row in rows.annotate(**asked(figures, period)):
        yield (row[base.payer], row[base.line_of_business] or ""), row


def summed_by_day(figures: list[Figure], period: Period, payer: str) -> dict[str, Any] | None:
    """The figures over all payers from the counts kept by day; None where those cannot say."""
    keys = [figure.key for figure in figures]
    if payer or not treatment_days.can_answer(keys):
        return None
    total: Counter = Counter()
    for counts in treatment_days.by_payer(period).values():
        total.update(counts)
    return treatment_days.asked(keys, total)


def filled(cells: dict[str, Cell], figures: Iterable[Figure]) -> dict[str, Cell]:
    """Nothing for the figures of bases in which a payer has no row."""
    return {figure.key: cells.get(figure.key, empty(figure)) for figure in figures}


def empty(figure: Figure) -> Cell:
    return Cell(figure, 0, 0, None if figure.marks_few else 0)


def of_payer(base: Base, rows: QuerySet, payer: str, line_of_business: str | None) -> QuerySet:
    """Rows of a payer; ``none`` are those without coverage; nothing given means all."""
    if payer.isascii() and payer.isdigit() and len(payer) < 19:
        rows = rows.filter(**{base.payer: int(payer)})
    elif payer == "none":
        rows = rows.filter(**{f"{base.payer}__isnull": True})
    elif payer:
        rows = rows.none()
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

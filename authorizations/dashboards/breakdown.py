"""How a figure falls into parts. Each part opens its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, F, QuerySet, Sum
from django.db.models.functions import MD5, Cast

from authorizations.dashboards.evaluate import of_payer
from authorizations.dashboards.figure_list import Figure
from authorizations.dashboards.period import Period

REST = "rest"
SHOWN = 6


@dataclass(frozen=True)
class Breakdown:
    """One way to divide a figure. ``by`` answers the part of a row; typed words are never shown in
    an address: they go by their hash. A division may be coarser than another: it ``sums`` that one,
    each of its parts falling ``into`` one of this.
    """

    key: str
    caption: str
    definition: str
    figure: Figure
    by: Callable[[Period], Any]
    name: Callable[[str], str] = str
    is_typed: bool = False
    order: tuple[str, ...] = ()
    narrowed: Callable[[QuerySet], QuerySet] = lambda rows: rows
    sums: Breakdown | None = None
    into: Callable[[str], str] = str


@dataclass(frozen=True)
class BreakdownRow:
    """One part: its key in an address, its name, how many rows."""

    key: str
    label: str
    count: int
    units_requested: int = 0
    units_approved: int = 0


def divided(parts: Breakdown, period: Period, payer: str = "", line: str | None = None) -> QuerySet:
    """The rows of the figure, each knowing its ``part``."""
    rows = of_payer(parts.figure.base, parts.figure.rows(period), payer, line)
    rows = parts.narrowed(rows).annotate(part_name=Cast(parts.by(period), CharField()))
    return rows.annotate(part=MD5("part_name") if parts.is_typed else F("part_name"))


def all_parts(
    parts: Breakdown, period: Period, payer: str = "", line: str | None = None
) -> list[BreakdownRow]:
    """Every part, the largest first, or in the order that is natural to it."""
    if parts.sums:
        found = summed(parts, all_parts(parts.sums, period, payer, line))
    else:
        found = asked_parts(parts, period, payer, line)
    if parts.order:
        return sorted(found, key=lambda part: parts.order.index(part.key))
    return sorted(found, key=lambda part: (-part.count, part.label))


def summed(parts: Breakdown, finer: list[BreakdownRow]) -> list[BreakdownRow]:
    """The parts of a division from those of a finer one of the same rows."""
    counts: Counter[str] = Counter()
    for part in finer:
        counts[parts.into(part.key)] += part.count
    return [BreakdownRow(key, parts.name(key), count) for key, count in counts.items()]


def asked_parts(
    parts: Breakdown, period: Period, payer: str, line: str | None
) -> list[BreakdownRow]:
    extra = {}
    if parts.figure.base.noun == "line":
        extra = {"asked": Sum("units_requested"), "given": Sum("granted")}
    rows = divided(parts, period, payer, line).order_by().values("part", "part_name")
    return [
        BreakdownRow(
            row["part"],
            parts.name(row["part_name"]),
            row["count"],
            row.get("asked") or 0,
            row.get("given") or 0,
        )
        for row in rows.annotate(count=Count("pk"), **extra)
    ]


def shown_parts(parts: Breakdown, period: Period, **whose: Any) -> list[BreakdownRow]:
    """The parts for a small chart: the largest, and the rest together."""
    found = all_parts(parts, period, **whose)
    if len(found) <= SHOWN + 1 or parts.order:
        return found
    rest = found[SHOWN:]
    return [
        *found[:SHOWN],
        BreakdownRow(REST, f"{len(rest)} others", sum(part.count for part in rest)),
    ]


def rows_of_part(
    parts: Breakdown, period: Period, part: str, payer: str = "", line: str | None = None
) -> QuerySet:
    """Exactly the rows of one part."""
    rows = divided(parts, period, payer, line)
    if part == REST and not parts.order:
        shown = [p.key for p in all_parts(parts, period, payer, line)[:SHOWN]]
        return rows.exclude(part__in=shown)
    return rows.filter(part=part)

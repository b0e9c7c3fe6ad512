"""Geometry of the charts the server draws, in units of their viewBox. Plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Any

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BASE = 420, 180, 30, 64, 14, 150
APART = 14  # units between the names of two lines that end close together
Values = Sequence[float | None]


def line_chart(
    labels: Sequence[str], lines: Sequence[tuple[str, Values]], unit: str, every: int = 0
) -> dict[str, Any]:
    """A line for each named series; a label without a value leaves a gap."""
    top = ceiling(max([v for _, values in lines for v in values if v is not None], default=0))
    xs = spread(len(labels))

    def y(value: float) -> float:
        return round(BASE - (BASE - TOP) * value / top, 1)

    step = every or max(1, -(-len(labels) // 6))
    series = [drawn(name, values, labels, xs, y, unit) for name, values in lines]
    keep_apart(series)
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "base": BASE,
        "x_ticks": [
            {"x": x, "label": label} for x, label in list(zip(xs, labels, strict=True))[::step]
        ],
        "y_ticks": [{"y": y(n), "label": f"{n:g}"} for n in (0, top / 2, top)],
        "series": series,
    }


def ceiling(value: float) -> float:
    """A round top of the scale, so that its half is whole too."""
    for top in (2, 4, 6, 10, 14, 20, 30, 40, 60, 80, 100, 140, 200, 300, 400, 600, 1000):
        if value <= top:
            return top
    return value


def spread(count: int) -> list[float]:
    step = (WIDTH - LEFT - RIGHT) / max(count - 1, 1)
    return [round(LEFT + step * n, 1) for n in range(count)]


def drawn(
    name: str, values: Values, labels: Sequence[str], xs: Sequence[float], y: Any, unit: str
) -> dict[str, Any]:
    """The dots of a line, the stretches between gaps, and where its name stands."""
    points = [
        None if v is None else {"x": x, "y": y(v), "title": f"{label}: {name} {v:g} {unit}"}
        for v, x, label in zip(values, xs, labels, strict=True)
    ]
    dots = [point for point in points if point]
    runs = [list(run) for is_there, run in groupby(points, key=bool) if is_there]
    end = {"x": dots[-1]["x"] + 8, "y": dots[-1]["y"]} if dots else None
    return {
        "label": name,
        "stretches": [" ".join(f"{p['x']},{p['y']}" for p in run) for run in runs],
        "dots": dots,
        "end": end,
    }


def keep_apart(series: Sequence[dict[str, Any]]) -> None:
    """Move the names of lines that end at the same height off each other."""
    ends = sorted((s["end"] for s in series if s["end"]), key=lambda end: end["y"])
    for above, below in pairwise(ends):
        close = APART - (below["y"] - above["y"])
        if close > 0 and abs(above["x"] - below["x"]) < RIGHT:
            above["y"], below["y"] = above["y"] - close / 2, below["y"] + close / 2


def bars(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with ``label``, ``count`` and more, each with its share of the longest in percent."""
    longest = max([row["count"] for row in rows], default=0)
    return [
        {**row, "value": f"{row['count']:,}", "share": round(100 * row["count"] / longest, 1)}
        for row in rows
        if longest
    ]

"""The managers' figures: declared as data, asked of the database, each tied to its rows.

``figures`` says what each figure is, ``bases`` which rows it is about, ``measures`` asks for
numbers, of the rows or of what is ``kept`` of them; ``parts`` divides a figure, ``divisions`` says
in which ways; ``benchmarks`` holds what others published.
"""

from authorizations.dashboards.benchmarks import BENCHMARKS, Benchmark
from authorizations.dashboards.breakdown import Breakdown, rows_of_part
from authorizations.dashboards.breakdowns import PARTS, PARTS_BY_KEY, weeks
from authorizations.dashboards.evaluate import (
    Answers,
    FigureCell,
    ask,
    figures_by_payer,
    rows_behind,
    totals,
)
from authorizations.dashboards.figure_list import BY_KEY, FEW, FIGURES, Figure, Kind
from authorizations.dashboards.period import Period

__all__ = [
    "BENCHMARKS",
    "BY_KEY",
    "FEW",
    "FIGURES",
    "PARTS",
    "PARTS_BY_KEY",
    "Answers",
    "Benchmark",
    "Breakdown",
    "Figure",
    "FigureCell",
    "Kind",
    "Period",
    "ask",
    "figures_by_payer",
    "rows_behind",
    "rows_of_part",
    "totals",
    "weeks",
]

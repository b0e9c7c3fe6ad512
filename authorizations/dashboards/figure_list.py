"""All the managers' figures, by their keys."""

from __future__ import annotations

from authorizations.dashboards.current_figures import NOW
from authorizations.dashboards.figure import FEW, Figure, Kind
from authorizations.dashboards.period_figures import ANSWERED, TREATED

__all__ = ["BY_KEY", "FEW", "FIGURES", "Figure", "Kind"]

FIGURES: tuple[Figure, ...] = (*NOW, *ANSWERED, *TREATED)
BY_KEY = {figure.key: figure for figure in FIGURES}

"""All the managers' figures, by their keys."""

from __future__ import annotations

from authorizations.dashboards.figure import FEW, Figure, Kind
from authorizations.dashboards.of_the_period import ANSWERED, TREATED
from authorizations.dashboards.standing_now import NOW

__all__ = ["BY_KEY", "FEW", "FIGURES", "Figure", "Kind"]

FIGURES: tuple[Figure, ...] = (*NOW, *ANSWERED, *TREATED)
BY_KEY = {figure.key: figure for figure in FIGURES}

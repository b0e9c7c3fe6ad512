"""The geometry of charts: scales, gaps, names that keep apart, bars."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from authorizations.dashboards.charts import APART, BASE, TOP, bars, line_chart

VALUES = st.lists(st.none() | st.floats(0, 900), min_size=1, max_size=53)


@given(VALUES, VALUES)
def test_every_value_is_drawn_within_the_plot_and_no_gap_is_bridged(one, other):
    labels = [f"{n}" for n in range(len(one))]
    other = (other + [None] * len(one))[: len(one)]
    chart = line_chart(labels, (("One", one), ("Other", other)), "days")
    for series, values in zip(chart["series"], (one, other), strict=True):
        assert len(series["dots"]) == sum(value is not None for value in values)
        assert all(TOP <= dot["y"] <= BASE for dot in series["dots"])
        drawn = sum(len(points.split()) for points in series["stretches"])
        assert drawn == len(series["dots"])
    gaps = sum(a is not None and b is None for a, b in zip(one, [*one[1:], None], strict=True))
    assert len(chart["series"][0]["stretches"]) == gaps


def test_names_of_lines_that_end_together_keep_apart():
    chart = line_chart(["a", "b"], (("Median", [1, 3]), ("90th", [2, 3])), "days")
    low, high = sorted(series["end"]["y"] for series in chart["series"])
    assert high - low >= APART


def test_the_longest_bar_is_the_whole():
    drawn = bars([{"label": "a", "count": 1500}, {"label": "b", "count": 375}])
    assert [(bar["value"], bar["share"]) for bar in drawn] == [("1,500", 100.0), ("375", 25.0)]
    assert bars([]) == []

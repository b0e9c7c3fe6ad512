"""Each figure of the dashboard is its rows: over made-up departments, for all payers and each."""

from __future__ import annotations

import random
from datetime import date
from statistics import median, quantiles

import pytest

from authorizations.dashboards import (
    FIGURES,
    PARTS,
    Kind,
    Period,
    figures_by_payer,
    rows_behind,
    rows_of_part,
    totals,
)
from authorizations.dashboards.breakdown import REST, SHOWN, all_parts, shown_parts
from authorizations.dashboards.rollups.refresh import count_all_days
from tests import factories as make
from tests.support.random_department import NOW, RULES, SINCE, ask, build, some_plans, treat

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(person):
    return person("manager", None)


@pytest.fixture
def period(reader) -> Period:
    return Period(user=reader, now=NOW, since=SINCE, until=date(2026, 11, 23))


@pytest.fixture
def plans(db):
    return some_plans()


@pytest.fixture
def department(facility, elsewhere, plans):
    """Some of it where the reader may not look."""
    return lambda seed: build(seed, facility, elsewhere, plans)


def value_of(figure, rows):
    """The figure worked out by hand from its rows."""
    values = [getattr(row, figure.field) for row in rows] if figure.field else []
    if figure.kind == Kind.RATIO:
        whole = sum(getattr(row, figure.out_of) for row in rows)
        return 100 * sum(values) / whole if whole else None
    if figure.kind == Kind.PERCENTILE:
        if len(values) < 2:
            return values[0] if values else None
        tenths = quantiles(values, n=10, method="inclusive")
        return median(values) if figure.fraction == 0.5 else tenths[8]
    return sum(value or 0 for value in values) if figure.field else len(rows)


@pytest.mark.parametrize("is_counted", [False, True], ids=["from rows", "from counts"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_figure_is_its_rows_for_all_payers_and_for_each(seed, department, period, is_counted):
    department(seed)
    if is_counted:
        count_all_days(NOW)
    found = {("", None): totals(FIGURES, period)}
    for (payer, line), cells in figures_by_payer(FIGURES, period).items():
        found[str(payer or "none"), line] = cells
    assert len(found) > 4
    seen = {figure.key for figure in FIGURES if found["", None][figure.key].out_of}
    assert len(seen) >= len(FIGURES) - 2
    for (payer, line), cells in found.items():
        for figure in FIGURES:
            cell, where = cells[figure.key], (figure.key, payer, line)
            rows = list(rows_behind(figure, period, payer, line))
            whole = list(rows_behind(figure, period, payer, line, is_whole=True))
            assert len({row.pk for row in rows}) == len(rows) == cell.counted, where
            assert len({row.pk for row in whole}) == len(whole) == cell.out_of, where
            assert {row.pk for row in rows} <= {row.pk for row in whole}, where
            wanted = value_of(figure, rows)
            if figure.kind == Kind.SHARE:
                wanted = 100 * len(rows) / len(whole) if whole else None
            assert (cell.value is None) == (wanted is None), where
            assert wanted is None or float(cell.value) == pytest.approx(float(wanted)), where


@pytest.mark.parametrize("seed", [4, 5])
def test_the_payers_together_make_the_whole(seed, department, period):
    department(seed)
    whole, groups = totals(FIGURES, period), figures_by_payer(FIGURES, period).values()
    for figure in FIGURES:
        assert sum(cells[figure.key].counted for cells in groups) == whole[figure.key].counted
        assert sum(cells[figure.key].out_of for cells in groups) == whole[figure.key].out_of


@pytest.mark.parametrize("seed", [6, 7])
def test_the_parts_of_a_figure_hold_each_row_once(seed, department, period):
    department(seed)
    for parts in PARTS:
        rows = parts.narrowed(parts.figure.rows(period))
        wanted = sorted(rows.values_list("pk", flat=True))
        held = []
        for part in all_parts(parts, period):
            mine = list(rows_of_part(parts, period, part.key).values_list("pk", flat=True))
            assert len(mine) == part.count, (parts.key, part.label)
            held += mine
        assert sorted(held) == wanted, parts.key
        for part in shown_parts(parts, period):
            assert rows_of_part(parts, period, part.key).count() == part.count


def test_what_is_too_small_for_the_chart_is_kept_together(facility, plans, period):
    for rule in RULES:
        charge = make.ChargeFactory(
            session__course__facility=facility, plan=plans[0], status="held", leading_rule=rule
        )
        assert charge.facility == facility
    rule = next(parts for parts in PARTS if parts.key == "rule")
    shown = shown_parts(rule, period)
    assert len(shown) == SHOWN + 1
    assert shown[-1].key == REST
    assert shown[-1].count == len(RULES) - SHOWN
    assert rows_of_part(rule, period, REST).count() == shown[-1].count


def test_words_of_letters_never_stand_in_an_address(department, period):
    department(9)
    reasons = all_parts(next(parts for parts in PARTS if parts.key == "reason"), period)
    assert any(part.label.startswith("Reason") for part in reasons)
    assert all(len(part.key) == 32 and part.key.isalnum() for part in reasons)


def test_no_figure_sees_another_facility(period, elsewhere, plans, facility, person):
    stranger = Period(person("manager", facility), NOW, SINCE, NOW.date())
    dice = random.Random(10)
    for _ in range(8):
        course = make.CourseFactory(facility=elsewhere, first_fraction_on=date(2026, 10, 5))
        line = ask(dice, course, plans[0]).lines.get()
        treat(dice, course, plans[0], line)
    assert all(cell.out_of == 0 for cell in totals(FIGURES, stranger).values())
    assert any(cell.out_of for cell in totals(FIGURES, period).values())

"""Each managers' page and file says what it is about: days, place, kind of plan, part, moment."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest
from django.urls import reverse

from accounts.past import clock
from tests.support.manager_pages import busy as busy
from tests.support.manager_pages import opened

__all__ = ["busy"]
pytestmark = pytest.mark.django_db
DAYS = {"since": "2026-09-01", "until": "2026-11-24"}


def lines(response) -> list[dict[str, str]]:
    pieces = (p if isinstance(p, str) else p.decode() for p in response.streaming_content)
    return list(csv.DictReader(io.StringIO("".join(pieces), newline="")))


@pytest.mark.parametrize("page", ["dashboard", "rows", "scorecard"])
def test_a_narrowed_page_names_the_kind_of_plan(manager, busy, plan, page):
    url = {
        "dashboard": reverse("payer_dashboard"),
        "rows": reverse("payer_dashboard_rows", args=["approved"]),
        "scorecard": reverse("payer_scorecard", args=[plan.payer.key]),
    }[page]
    text = manager.get(url, {"line_of_business": "medicare_advantage"}).content.decode()
    words = re.sub(r"<[^>]*>", "", text.split("<h1")[1].split("<form")[0])
    assert "Medicare Advantage" in words
    assert "medicare_advantage" not in words


def test_only_a_last_day_is_the_end_of_the_usual_days(manager):
    period = manager.get(reverse("payer_dashboard"), {"until": "2026-10-31"}).context["period"]
    assert (period.since, period.through) == (date(2026, 8, 3), date(2026, 10, 31))


def test_the_rows_of_a_part_name_it(manager, busy):
    chart = manager.get(reverse("payer_dashboard"), DAYS).context["bars"][0]
    (bar,) = chart["bars"]
    assert bar["label"] == "Pended, the front office"
    assert "Open requests: Pended, the front office" in manager.get(bar["href"]).content.decode()
    assert opened(manager, bar["href"]) == bar["count"]


def test_each_week_of_the_chart_opens_its_rows(manager, busy):
    chart = manager.get(reverse("payer_dashboard"), DAYS).context["chart"]
    (week,) = chart["links"]
    assert (week["label"], week["count"], week["is_few"]) == ("28 Sep", 1, True)
    assert opened(manager, week["href"]) == 1
    assert "Week of 28 Sep 2026" in manager.get(week["href"]).content.decode()


def test_a_share_says_what_it_is_a_share_of(manager, busy):
    text = manager.get(reverse("payer_dashboard_rows", args=["units"]), DAYS).content.decode()
    assert "2 of 2 units asked for on those lines." in text
    text = manager.get(reverse("payer_dashboard_rows", args=["uncovered"]), DAYS).content.decode()
    assert "2 of 4 imaged treatments whose policy asked for authorization." in text


def test_the_file_of_the_figures_proves_itself(manager, busy, facility):
    asked = {**DAYS, "facility": facility.pk, "export": "csv", "table": "by-payer"}
    found = lines(manager.get(reverse("payer_dashboard"), asked))
    whole = {line["figure"]: line for line in found if line["payer"] == "All payers"}
    uncovered = whole["Treated without authorization"]
    wanted = {
        "value": "50",
        "unit": "%",
        "numerator": "2",
        "denominator": "4",
        "rows": "2",
        "out of rows": "4",
        "too few to compare": "yes",
        "from": "2026-09-01",
        "to": "2026-11-24",
        "facility": facility.code,
        "only line of business": "all",
    }
    assert {name: uncovered[name] for name in wanted} == wanted
    assert uncovered["as of"].startswith(str(clock.now().astimezone(facility.tz).date()))
    by_payer = [line for line in found if not line["payer"].startswith("All payers")]
    for name in ("Open requests", "Approvals short of units", "Charges held"):
        mine = [int(line["value"]) for line in by_payer if line["figure"] == name]
        assert sum(mine) == int(whole[name]["value"])


def test_the_file_of_answers_says_how_long_each_took(manager, busy):
    url = reverse("payer_dashboard_rows", args=["median"])
    (line,) = lines(manager.get(url, {**DAYS, "export": "csv"}))
    assert (line["first answer"], line["first answered"]) == ("Approved", "2026-09-30")
    assert line["days to the first answer"] == "2"
    assert int(line["days after it (below 0: before)"]) < 0


def test_the_file_of_delays_says_from_when_to_when(manager, busy):
    url = reverse("payer_dashboard_rows", args=["delayed"])
    found = lines(manager.get(url, {**DAYS, "of": "all", "export": "csv"}))
    line = next(line for line in found if line["course"] == busy.code)
    assert line["first allowed"] == "2026-09-30"
    assert int(line["days delayed (0 or below: none)"]) <= 0

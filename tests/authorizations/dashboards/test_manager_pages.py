"""The manager's dashboard: each number opens exactly its rows."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from authorizations.dashboards import FIGURES
from tests import factories as make
from tests.support.manager_pages import busy as busy
from tests.support.manager_pages import opened

pytestmark = pytest.mark.django_db


def figures(response) -> dict[str, str]:
    return {stat["label"]: stat["figure"] for stat in response.context["stats"]}


def total(response, key: str) -> dict:
    """The cell of a figure in the row of all payers."""
    keys = [column["figure"].key for column in response.context["columns"]]
    return response.context["total"][keys.index(key)]


def test_the_headlines_say_what_needs_action(manager, busy):
    shown = figures(manager.get(reverse("payer_dashboard")))
    assert shown["Answers overdue"] == "0"
    assert shown["Treated without authorization"] == "2"
    assert shown["Approvals short of units"] == "1"


def test_each_number_of_the_table_opens_as_many_rows(manager, busy):
    context = manager.get(reverse("payer_dashboard")).context
    for row in (context["total"], context["rows"][0]["cells"]):
        for column, cell in zip(context["columns"], row, strict=True):
            figure = column["figure"]
            if not figure.marks_few and figure.kind != "money":
                assert str(opened(manager, cell["href"])) == cell["text"], figure.key
            for part in cell["small"]:
                if part["text"].isdigit():
                    assert str(opened(manager, part["href"])) == part["text"], figure.key


def test_each_bar_opens_as_many_rows_as_it_says(manager, busy):
    bars = [
        bar for c in manager.get(reverse("payer_dashboard")).context["bars"] for bar in c["bars"]
    ]
    assert len(bars) > 3
    for bar in bars:
        assert opened(manager, bar["href"]) == bar["count"], bar["label"]


def test_dollars_at_risk_are_the_sum_of_the_rows(manager, busy):
    shown = figures(manager.get(reverse("payer_dashboard")))["Dollars at risk"]
    table = manager.get(reverse("payer_dashboard_rows", args=["risk"])).context["table"]
    total = sum(row.record.amount for row in table.rows)
    assert shown == f"${total:,.0f}"


def test_a_figure_of_one_payer_opens_only_its_rows(manager, busy, plan):
    url = reverse("payer_dashboard_rows", args=["held"])
    mine = manager.get(url, {"payer": plan.payer.pk, "lob": plan.line_of_business})
    assert len(mine.context["table"].rows) == 2
    nobody = manager.get(url, {"payer": "999999"})
    assert nobody.status_code == 400
    assert "Payer “999999” is not known here." in nobody.content.decode()


def test_every_figure_says_what_it_counts(manager, busy):
    page = manager.get(reverse("payer_dashboard")).content.decode()
    for figure in FIGURES:
        assert figure.definition in page


def test_an_unknown_figure_is_not_found(manager, facility):
    assert manager.get(reverse("payer_dashboard_rows", args=["nope"])).status_code == 404


def test_a_filter_narrows_by_facility_and_line_of_business(manager, busy, facility):
    url = reverse("payer_dashboard")
    assert total(manager.get(url, {"line_of_business": "fep"}), "open")["text"] == "0"
    assert total(manager.get(url, {"facility": facility.pk}), "open")["text"] == "1"


def test_a_period_is_given_by_its_days_too(manager, busy):
    url = reverse("payer_dashboard")
    asked = manager.get(url, {"since": "2026-10-05", "until": "2026-10-06"}).context["period"]
    assert (asked.since, asked.through) == (date(2026, 10, 5), date(2026, 10, 6))
    assert asked.previous.days == (date(2026, 10, 3), date(2026, 10, 4))
    wrong = manager.get(url, {"since": "2026-10-05", "until": "2026-10-01"})
    assert "begins after it ends" in wrong.content.decode()


def test_a_published_figure_stands_only_beside_the_plans_it_speaks_of(manager, busy):
    url = reverse("payer_dashboard")
    advantage = manager.get(url, {"line_of_business": "medicare_advantage"}).content.decode()
    other = manager.get(url, {"line_of_business": "commercial_self_funded"}).content.decode()
    assert "80.7 %" in advantage
    assert "80.7 %" not in other


def test_few_rows_are_said_to_be_few(manager, busy):
    cell = total(manager.get(reverse("payer_dashboard")), "approved")
    assert cell["is_few"]
    assert f"({cell['text']})" in manager.get(reverse("payer_dashboard")).content.decode()


def listed(response) -> int:
    """How many rows a list shows on all its pages."""
    context = response.context
    if "shown" in context:
        return context["total"] or len(context["closed"])
    if "table" in context and hasattr(context["table"], "paginator"):
        return context["table"].paginator.count
    return context["sums"].count if "sums" in context else len(context["rows"])


def test_home_counts_what_its_lists_show(manager, busy):
    home = manager.get(reverse("home")).context
    links = [link for _, group in home["rail"] for link in group]
    assert {link.label: link.count for link in links}["Running short of units"] == 1
    for queue in (*home["queues"], *links):
        response = manager.get(queue.url)
        if response.status_code == 200:
            assert listed(response) == queue.count, queue.label


def test_search_finds_by_name_mrn_and_number_within_scope(manager, busy, elsewhere):
    hidden = make.CourseFactory(facility=elsewhere)
    for patient in (busy.patient, hidden.patient):
        patient.last_name = "Marlowe"
        patient.save()
    url = reverse("search")
    for text in (busy.patient.mrn, busy.code):
        assert manager.post(url, {"text": text})["Location"].endswith(f"/courses/{busy.pk}/")
    opened = manager.post(url, {"text": "A1000001"})["Location"]
    assert "A1000001" in manager.get(opened).content.decode()
    for slip in ("Marlwoe", f"Marlwoe {busy.patient.date_of_birth:%Y-%m-%d}"):
        response = manager.post(url, {"text": slip})
        assert [patient.pk for patient in response.context["found"].similar] == [busy.patient.pk]
    assert hidden.patient.mrn not in manager.post(
        url, {"text": hidden.patient.mrn}
    ).content.decode().replace(f'value="{hidden.patient.mrn}"', "")


@pytest.mark.parametrize("text", ["%", "\0", "o'brien; --", "a" * 5000, "\u202e", "<script>"])
def test_whatever_is_typed_into_the_search_is_answered(manager, facility, text):
    response = manager.post(reverse("search"), {"text": text})
    assert response.status_code == 200
    assert "<script>" not in response.content.decode().split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("course_list", {"queue": "short", "sort": "-nothing", "page": "9999"}),
        ("course_list", {"facility": "abc", "payer": "99999999999999999999"}),
        ("authorization_list", {"status": "x", "queue": "²"}),
        ("charge_list", {"payer": "-1", "since": "2026-99-99"}),
        ("payer_dashboard", {"days": "abc", "facility": "x", "since": "x", "until": "0"}),
        ("payer_dashboard", {"since": "0001-01-01", "until": "9999-12-31"}),
        ("payer_dashboard", {"since": "0001-01-01", "until": "0001-01-02"}),
    ],
)
def test_nonsense_in_an_address_is_no_failure(manager, facility, name, query):
    assert manager.get(reverse(name), query).status_code == 200


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("authorization_list", {"queue": "\0"}),
        ("code_list", {"text": "\0"}),
        ("code_list", {"on": "never"}),
        ("rulebook", {"on": "9999-12-31"}),
        ("day_sheet", {"date": "2026-13-01"}),
        ("day_sheet", {"machine": "Q"}),
    ],
)
def test_what_an_address_cannot_mean_is_refused_in_words(manager, facility, name, query):
    assert manager.get(reverse(name), query).status_code == 400

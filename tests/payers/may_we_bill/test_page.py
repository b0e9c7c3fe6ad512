"""The page answers every address: in one sentence, or in words about what cannot be read."""

from __future__ import annotations

import pytest
from django.urls import reverse

from payers.may_we_bill.scenario_form import ScenarioForm

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_books")]
MEDICARE = {
    "code": "77387",
    "modifiers": "26",
    "day": "2026-06-01",
    "delivery": "77407",
    "plan": "STD-MCR-FFS",
    "reviewed": "before",
    "filed": "2026-06-05",
}
UHC = {**MEDICARE, "plan": "STD-UHC-CFI", "place": "11", "filed": "2026-03-04"}


def ask(client, facts, **changes):
    return client.get(reverse("may_we_bill"), {**facts, **changes})


def words(response):
    return [one.answer.word for one in response.context["shown"]]


def test_a_charge_with_nothing_wrong_may_be_billed(coder):
    response = ask(coder, MEDICARE)
    assert words(response) == ["Yes"]
    page = response.content.decode()
    assert "0.68 work + 0.38 practice + 0.03 malpractice = 1.09 RVU × 33.4009" in page
    assert "Program 29.13 − sequestration 0.58" in page
    assert "28.55" in page
    assert "7.28" in page


def test_two_days_stand_side_by_side_and_the_row_that_differs_is_marked(coder):
    response = ask(coder, UHC, modifiers="", day="2026-02-17, 2026-03-03")
    assert words(response) == ["Yes, if", "No"]
    first, second = response.context["shown"]
    assert first.answer.conditions == ("Optum Cancer Guidance Program has authorized it",)
    assert second.answer.leading.number == "R12"
    assert second.mended == "77387-26"
    different = [row.question for row in response.context["rows"] if row.is_different]
    assert "Modifier 26, this payer" in different
    assert "Place of service" not in different


def test_the_line_that_may_be_billed_instead_is_one_click_away(coder):
    response = ask(coder, UHC, modifiers="", day="2026-03-03", authorization="unit")
    instead = coder.get(f"{reverse('may_we_bill')}?{response.context['shown'][0].mended_query}")
    assert words(instead) == ["Yes"], instead.request["QUERY_STRING"]


def test_what_is_not_said_is_a_condition_and_never_taken_for_granted(coder):
    open_review = ask(coder, MEDICARE, reviewed="")
    assert words(open_review) == ["Yes, if"]
    assert "approved the images" in open_review.context["shown"][0].answer.ends
    assert words(ask(coder, MEDICARE, plan="")) == ["Yes, if"]
    uhc = {**UHC, "day": "2026-03-03"}
    assert words(ask(coder, uhc)) == ["Yes, if"]
    assert words(ask(coder, uhc, authorization="none")) == ["No"]


@pytest.mark.parametrize(
    ("changes", "word", "rule"),
    [
        ({"delivery": "77373"}, "No", "R18"),
        ({"reviewed": "after"}, "No", "R43"),
        ({"earlier": "1", "hours": "7"}, "No", "R29"),
        ({"earlier": "1", "hours": "7", "ordered_per_day": "2", "modifiers": "26 76",
          "physician": "same"}, "Yes, if", "R28"),
        ({"diagnoses": "Z51.0"}, "No", "R57"),
        ({"diagnoses": "M72.2"}, "Yes, if", "R57"),
        ({"resident": "yes"}, "No", "R47"),
        ({"place": "02"}, "Yes, if", "R76"),
        ({"claim": "837I"}, "Yes", "R16"),
        ({"modality": "port_film"}, "No", "R39"),
        ({"day": "2025-12-31"}, "No", "R02"),
        ({"filed": "2027-12-01"}, "No", "R54"),
        ({"lines": "99213"}, "Yes", "R70"),
    ],
)  # fmt: skip
def test_every_fact_of_a_charge_can_be_given(coder, changes, word, rule):
    response = ask(coder, MEDICARE, **changes)
    answer = response.context["shown"][0].answer
    assert (answer.word, rule in answer.verdict.numbers) == (word, True), answer.verdict.numbers


def test_facts_that_cannot_be_read_are_named_and_nothing_typed_is_lost(coder):
    wrong = {
        "code": "7738",
        "day": "2026-02-30",
        "plan": "NOPE",
        "lines": "77427 what",
        "units": "x",
    }
    response = ask(coder, MEDICARE, **wrong)
    page = response.content.decode()
    assert response.status_code == 400
    assert "shown" not in response.context
    assert "is not a day of the calendar" in page
    assert "“WHAT” is none; such as 77427" in page
    for text in wrong.values():
        assert f'value="{text}"' in page


def test_more_than_four_scenarios_are_answered_in_words(coder):
    days = ",".join(f"2026-06-0{n}" for n in range(1, 7))
    response = ask(coder, MEDICARE, day=days)
    assert response.status_code == 400
    assert "At most four scenarios" in response.content.decode()
    assert len(words(response)) == 4


def test_without_facts_the_page_is_a_form_and_answers_nothing(coder):
    response = coder.get(reverse("may_we_bill"))
    assert response.status_code == 200
    assert "shown" not in response.context


def test_compare_beside_offers_a_second_scenario(coder):
    response = ask(coder, MEDICARE, compare="1")
    assert [form["number"] for form in response.context["forms"]] == [1, 2]
    assert words(response) == ["Yes"]


def test_what_would_turn_it_and_the_next_change_come_from_the_rulebook(coder):
    one = ask(coder, MEDICARE).context["shown"][0]
    found = {(turn.word, turn.change) for turn in one.turns}
    assert ("No", "beside 77373, stereotactic delivery") in found
    assert ("No", "without modifier 26") in found
    assert all(turn.word != "Yes" for turn in one.turns)
    february = ask(coder, UHC, day="2026-02-17", authorization="unit", modifiers="")
    change = february.context["shown"][0].change
    assert (change.on.isoformat(), change.word) == ("2026-03-01", "No")


def test_the_page_is_whole_without_scripts_and_prints_without_its_buttons(coder):
    page = ask(coder, MEDICARE).content.decode()
    body = page[page.index("<main") : page.index("</main")]
    assert "<script" not in body
    assert "needs-script" not in body
    assert body.count("no-print") >= 2


def test_another_scenario_costs_no_more_questions(coder, django_assert_max_num_queries):
    ask(coder, MEDICARE)
    with django_assert_max_num_queries(32):
        ask(coder, MEDICARE)
    with django_assert_max_num_queries(36):
        ask(coder, MEDICARE, day="2026-06-01,2026-06-02,2026-06-03,2026-06-04")


def test_a_post_is_refused(coder):
    assert coder.post(reverse("may_we_bill"), {}).status_code == 405


NONSENSE = (
    *("²", "9" * 400, "-1", "NaN", "1e999", "0001-01-01", "9999-12-31", "\x1b[31m", "{%", "'; --"),
    *("//evil.example", "[]", "none", " ", "2026-99-99", "77387-26x99999999999"),
)


@pytest.mark.parametrize("number", range(len(NONSENSE)))
def test_nonsense_in_any_fact_is_answered_in_words(coder, number):
    value, names = NONSENSE[number], list(ScenarioForm.base_fields)
    for name in names[number % 4 :: 4]:
        two = ask(coder, MEDICARE, **{name: [MEDICARE.get(name, ""), value]})
        assert two.status_code in (200, 400), name
    assert ask(coder, dict.fromkeys(names, value)).status_code in (200, 400)


def test_the_edges_of_the_calendar_are_answered(coder):
    for day in ("2000-01-01", "2099-12-31"):
        response = ask(coder, UHC, day=day, last="yes", after_hours="999", hours="999", filed="")
        assert response.status_code == 200

"""The page of a code: its order, its folds, families of pairings, figures, what is unavailable."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from coding.code_sections import modifiers_of, pairs_by_family
from coding.models import CodeFact, FacilityLocality
from coding.rules.modifier_table import TABLE
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published_books")]
ON = date(2026, 11, 23)


def code_page(client, code="77387", **query):
    return client.get(reverse("code_detail", args=[code]), {"on": "2026-11-23", **query})


def test_contents_lead_to_every_part_in_the_order_a_coder_reads(coder):
    response = code_page(coder)
    page = response.content.decode()
    anchors = [anchor for anchor, _ in response.context["contents"]]
    assert anchors[:8] == [
        *("answer", "payers", "pairs", "related", "workflow", "diagnoses", "who", "documentation")
    ]
    assert anchors[-1] == "unavailable"
    places = [page.index(f'id="{anchor}"') for anchor in anchors]
    assert places == sorted(places)


def test_the_answer_comes_first_with_its_figures(coder):
    answer = code_page(coder).context["answer"]
    assert answer.lead.startswith("The physician bills 77387-26")
    figures = {figure.label: figure.value for figure in answer.figures}
    assert figures["National amount, 26"] == "$36.41"
    assert figures["Technical part"] == "bundled"
    assert figures["Units a day"] == "1"
    assert figures["Modifier"] == "26"
    assert len(answer.figures) == 5
    assert figures["Next change"] == "1 Jan 2027"


def test_before_2026_the_answer_is_another(coder):
    answer = code_page(coder, on="2025-06-01").context["answer"]
    assert "does not take 77387" in answer.lead
    assert "related" in dict(code_page(coder, on="2025-06-01").context["contents"])


def test_everything_below_the_pairings_is_folded_and_works_without_scripts(coder):
    page = code_page(coder).content.decode()
    main = page[page.index("<main") : page.index("</main")]
    assert main.count('class="disclosure fold"') >= 10
    assert 'fold" open' not in main
    assert "<script" not in main


def test_pairs_of_a_family_that_read_alike_stand_in_one_line():
    rows = pairs_by_family("77387", ON)
    visits = [row for row in rows if row.family == "Visits"]
    assert {row.words for row in visits} == {
        "paid; the other is not",
        "paid; the other with a modifier",
    }
    assert any("99213" in row.codes and len(row.codes) > 10 for row in visits)
    delivery = next(row for row in rows if row.family == "Delivery, levels 1 to 3")
    assert (delivery.codes, delivery.state) == (("77402", "77407", "77412"), "yes")
    planning = next(row for row in rows if row.codes == ("77301",))
    assert (planning.state, planning.words) == ("no", "not paid")


def test_modifiers_are_those_of_the_rules_own_table_on_that_day():
    assert [row.use for row in modifiers_of(ON)] == list(TABLE)
    early = {row.use.code for row in modifiers_of(date(2014, 6, 1))}
    assert not early & {"XE", "XP", "XS", "XU"}
    assert all(row.words for row in modifiers_of(ON) if row.use.code in ("26", "TC", "76", "77"))


def test_amounts_of_our_localities_are_shown_or_said_to_be_missing(coder, facility):
    assert "No locality of our facilities" in code_page(coder).content.decode()
    make.FacilityLocalityFactory(facility=facility)
    page = code_page(coder).content.decode()
    assert FacilityLocality.objects.count() == 1
    assert "06102-16" in page
    assert "$37.93" in page


def test_related_codes_lead_to_their_own_pages(coder):
    page = code_page(coder).content.decode()
    for code in ("77407", "77014", "77290", "77427", "77336", "55876", "49411", "A4648"):
        assert f'href="{reverse("code_detail", args=[code])}"' in page


def test_what_nobody_publishes_is_said(coder):
    page = code_page(coder).content.decode()
    assert "None public" in page
    assert "descriptor" in page


def test_statements_end_when_their_days_are_over(coder):
    make.CodeFactFactory(
        label="A test", statement="Only in March", effective_from=date(2026, 3, 1),
        effective_through=date(2026, 3, 31),
    )  # fmt: skip
    assert "Only in March" in code_page(coder, on="2026-03-31").content.decode()
    assert "Only in March" not in code_page(coder, on="2026-04-01").content.decode()


def test_every_statement_is_cited_and_what_is_unavailable_is_never_graded_high():
    rows = CodeFact.objects.all()
    assert rows.count() > 40
    assert all(row.source and row.confidence for row in rows)
    missing = [row for row in rows if row.section == "unavailable"]
    assert missing
    assert {row.confidence for row in missing} == {"D"}


def test_payers_stand_in_rows_with_dates_and_grades(coder):
    panel = code_page(coder).context["panels"]["payers"][1]
    rows = {(row.payer.key, row.scope): row.cells for row in panel["matrix"]}
    uhc = next(cells for (key, _), cells in rows.items() if key == "unitedhealthcare")
    assert (uhc[0].word, uhc[0].span, uhc[0].confidence) == ("required", "since 1 Mar 26", "B")
    aetna = next(cells for (key, _), cells in rows.items() if key == "aetna")
    assert aetna[1].word == "not known: ask"
    february = code_page(coder, on="2026-02-01").context["panels"]["payers"][1]["matrix"]
    either = next(r for r in february if r.payer.key == "unitedhealthcare").cells[0]
    assert (either.word, either.changes_soon) == ("with or without", True)


def test_a_code_without_statements_still_has_its_page(coder):
    response = code_page(coder, code="77336")
    assert response.status_code == 200
    assert response.context["answer"] is None


def test_more_pairs_cost_no_more_questions(coder, django_assert_max_num_queries):
    code_page(coder)
    with django_assert_max_num_queries(45):
        code_page(coder)


def test_no_payer_mix_is_shown_of_other_facilities(coder, elsewhere):
    make.ChargeFactory(facility=elsewhere, session__facility=elsewhere)
    shown = code_page(coder).context["panels"].get("ours")
    assert not shown or not shown[1]["mix"]


def test_the_page_names_no_path_that_is_not_there(coder):
    page = code_page(coder).content.decode()
    anchors = re.findall(r'class="rail-link" href="#([a-z-]+)"', page)
    assert all(f'id="{anchor}"' in page for anchor in anchors)

"""Letters from dated texts: the narrowest text, the facts of the case, what is missing by name."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from authorizations.prior_authorizations.letters import letter_words
from payers.models import LetterTemplate
from seeds.reference.loader import load_reference
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_the_facts_stand_in_the_letter_and_what_is_missing_is_named(approved):
    make.LetterTemplateFactory(words="{patient}, {site}: {lines}. Case {reference}.")
    words, missing = letter_words(approved, "necessity")
    assert approved.course.patient.last_name in words
    assert "× 77387" in words
    assert (missing == ["reference"]) == (not approved.reference)
    type(approved).objects.filter(pk=approved.pk).update(reference="")
    approved.refresh_from_db()
    words, missing = letter_words(approved, "necessity")
    assert "Case [reference: not on file]." in words
    assert missing == ["reference"]


def test_the_payers_text_comes_before_the_sites_and_an_ended_one_is_not_used(approved):
    course, payer = approved.course, approved.plan.payer
    make.LetterTemplateFactory(words="every")
    assert letter_words(approved, "necessity")[0] == "every"
    make.LetterTemplateFactory(words="technique", technique=course.technique)
    make.LetterTemplateFactory(words="other site", body_site="elbow")
    assert letter_words(approved, "necessity")[0] == "technique"
    make.LetterTemplateFactory(words="site", body_site=course.body_site.upper())
    assert letter_words(approved, "necessity")[0] == "site"
    make.LetterTemplateFactory(words="payer", payer=payer)
    make.LetterTemplateFactory(words="far", payer=make.PayerFactory(key="far", name="Far"))
    assert letter_words(approved, "necessity")[0] == "payer"
    LetterTemplate.objects.filter(words="payer").update(effective_through=date(2026, 1, 2))
    assert letter_words(approved, "necessity")[0] == "site"
    assert letter_words(approved, "appeal") == ("", [])


def test_a_place_that_no_fact_fills_is_refused():
    with pytest.raises(ValidationError, match="Not known as a place: dose"):
        make.LetterTemplateFactory.build(words="{dose}").clean()


@pytest.mark.parametrize("wrong", [{"words": ""}, {"kind": "poem"}, {"source": ""}])
def test_the_database_refuses_a_text_without_words_or_source(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.LetterTemplateFactory(**wrong)


def test_our_own_texts_fill_every_place_they_name():
    load_reference()
    for row in LetterTemplate.objects.all():
        row.full_clean()
    assert set(LetterTemplate.objects.values_list("kind", flat=True)) == {"necessity", "appeal"}


def test_the_letter_is_on_the_page_to_be_edited_before_it_is_printed(front_desk, approved):
    make.LetterTemplateFactory(words="Dear reviewer, {patient} needs it. {reference}")
    page = reverse("request_packet_new", args=[approved.pk])
    assert "Dear reviewer" not in front_desk.get(page).content.decode()
    shown = front_desk.get(page, {"letter": "necessity"}).content.decode()
    assert f"Dear reviewer, {approved.course.patient.first_name}" in shown
    assert "No text for this letter" in front_desk.get(page, {"letter": "appeal"}).content.decode()
    assert front_desk.get(page, {"letter": "poem"}).status_code == 200

"""From a charge to “May we bill this?” with its facts, and nothing about the patient."""

from __future__ import annotations

import html
import re

import pytest
from django.urls import reverse

from authorizations.verdicts.status import latest_judgements
from coding.rules.serialize import findings_from_json
from payers.may_we_bill.answer import WORDS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("reviewed", [True, False])
def test_a_charge_leads_to_the_same_answer_and_names_no_patient(
    coder, course, approved, treat, reviewed
):
    charge = treat(course, reviewed=reviewed)[0].charges.get()
    page = coder.get(reverse("charge_detail", args=[charge.pk])).content.decode()
    link = html.unescape(re.search(r'href="([^"]*may-we-bill/[^"]*)"', page)[1])
    patient = course.patient
    for secret in (patient.mrn, patient.last_name, str(patient.date_of_birth), approved.number):
        assert secret not in link
    answer = coder.get(link).context["answers"][0]["answer"]
    stored = findings_from_json(latest_judgements([charge])[charge.pk].verdict)
    assert answer.verdict.numbers == tuple(finding.number for finding in stored)
    assert answer.word == WORDS[answer.verdict.disposition]

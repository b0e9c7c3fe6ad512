"""A batch goes to one issuer where the plan has one: each has a payer ID of its own."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.form_keys import new_key
from accounts.models import Role
from authorizations.batches.actions import draw_batch, reopen_batch, waiting_batches
from authorizations.charges.actions import release_many
from authorizations.charges.successors import replace
from authorizations.models import Charge
from payers.models import Plan
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def issuer(plan):
    return make.IssuerFactory(key="north", payer=plan.payer, electronic_payer_id="12345")


@pytest.fixture
def released(course, approved, treat, person, plan, issuer):
    """Three released charges of a plan of that issuer."""
    Plan.objects.filter(pk=plan.pk).update(issuer=issuer)
    charges = [session.charges.get() for session in treat(course, 3)]
    release_many(charges=charges, by=person(Role.CODER))
    return charges


def test_what_waits_is_grouped_by_issuer(released, plan, issuer):
    (row,) = waiting_batches(Charge.objects.all())
    assert (row["plan__payer"], row["plan__issuer"], row["count"]) == (
        plan.payer_id, issuer.pk, 3,
    )  # fmt: skip


def test_a_batch_of_the_payer_leaves_the_issuers_charges_and_its_own_takes_them(
    released, course, plan, issuer, person
):
    coder = person(Role.CODER)
    assert draw_batch(facility=course.facility, payer=plan.payer, by=coder) is None
    other = make.IssuerFactory(key="south", payer=plan.payer)
    assert draw_batch(facility=course.facility, payer=plan.payer, issuer=other, by=coder) is None
    batch = draw_batch(facility=course.facility, payer=plan.payer, issuer=issuer, by=coder)
    assert (batch.units, batch.issuer) == (3, issuer)
    assert {(row["payer"], row["issuer"], row["payer_id"]) for row in batch.rows} == {
        (plan.payer.name, "North", "12345")
    }


@pytest.mark.parametrize(
    ("why", "drawn_for", "is_corrected"),
    [("the same", "issuer", True), ("not known then", "", True), ("another", "other", False)],
)
def test_a_correction_stays_with_the_issuer_of_its_batch(
    released, course, plan, issuer, person, why, drawn_for, is_corrected
):
    coder = person(Role.CODER)
    found = {"issuer": issuer, "other": make.IssuerFactory(key="south", payer=plan.payer)}
    Plan.objects.filter(pk=plan.pk).update(issuer=found.get(drawn_for))
    batch = draw_batch(
        facility=course.facility, payer=plan.payer, issuer=found.get(drawn_for), by=coder
    )
    Plan.objects.filter(pk=plan.pk).update(issuer=issuer)
    charge = Charge.objects.select_related("session").get(pk=released[0].pk)
    successor = replace(charge=charge, reason="corrected", by=coder)
    release_many(charges=[successor], by=coder)
    correction = reopen_batch(batch=batch, by=coder)
    actions = {row["action"] for row in correction.rows}
    assert actions == ({"void", "replace"} if is_corrected else {"void"}), why


def test_the_page_draws_for_the_issuer_and_names_it(coder, released, course, plan, issuer):
    assert "North" in coder.get(reverse("batch_list")).content.decode()
    form = {"facility": course.facility_id, "payer": plan.payer_id, "issuer": issuer.pk}
    page = coder.post(reverse("batch_draw"), form | {"key": new_key()}, follow=True)
    text = page.content.decode()
    assert "North" in text
    assert "12345" in text


def test_an_issuer_of_another_payer_is_not_found(coder, released, course, plan):
    stranger = make.IssuerFactory(key="far", payer__key="elsewhere")
    form = {"facility": course.facility_id, "payer": plan.payer_id, "issuer": stranger.pk}
    assert coder.post(reverse("batch_draw"), form | {"key": new_key()}).status_code == 404

"""Batches: frozen, numbered without gaps, corrected by a batch of their own; the preview."""

from __future__ import annotations

import csv
import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from accounts.form_keys import new_key
from accounts.models import Role
from authorizations.batches.actions import (
    draw_batch,
    reopen_batch,
    waiting_batches,
    waiting_corrections,
)
from authorizations.batches.claim_preview import claims_of
from authorizations.charges.actions import release, release_many, void
from authorizations.charges.successors import replace
from authorizations.exchange.charges_csv import COLUMNS
from authorizations.invariants import INVARIANTS, broken
from authorizations.models import Batch, Charge
from tests import factories as make

# The columns of the export, each as the biller asks for it and as it is called here.
ASKED = {
    "what to do": "action",
    "line key": "charge_uid",
    "session_uid": "session_uid",
    "line key of the earlier line": "replaces_charge_uid",
    "batch of the earlier line": "replaces_batch",
    "course_uid": "course_uid",
    "MRN": "mrn",
    "payer": "payer",
    "plan": "plan",
    "member_id": "member_id",
    "LOB": "line_of_business",
    "auth_number": "auth_number",
    "auth_status": "auth_status",
    "auth_valid_from": "auth_valid_from",
    "auth_valid_to": "auth_valid_through",
    "auth_units_remaining": "auth_units_remaining",
    "DOS": "date_of_service",
    "CPT": "code",
    "modifier": "modifier",
    "units": "units",
    "POS": "place_of_service",
    "facility NPI": "facility_npi",
    "rendering NPI": "rendering_npi",
    "ordering NPI": "ordering_npi",
    **{f"dx{n}": f"dx{n}" for n in range(1, 5)},
    "image_modality": "image_modality",
    "reviewed_by": "reviewed_by",
    "reviewed_at": "reviewed_at",
    "coder": "coder",
    "release_batch": "release_batch",
    "warnings": "warnings",
    "issuer": "issuer",
    "payer ID": "payer_id",
}


def test_the_download_has_the_columns_that_are_asked_for_and_the_amount():
    assert tuple(name for name in COLUMNS if name != "amount") == tuple(ASKED.values())


@pytest.fixture
def drawn(course, approved, treat, person):
    """Seven released charges of one patient in a batch, and who drew it."""
    coder = person(Role.CODER)
    charges = [session.charges.get() for session in treat(course, 7)]
    release_many(charges=charges, by=coder)
    batch = draw_batch(facility=course.facility, payer=charges[0].plan.payer, by=coder)
    return batch, charges, coder


def sent(batch: Batch) -> list[dict[str, str]]:
    """The lines of the file for billing, as the biller reads them."""
    return list(csv.DictReader(io.StringIO(batch.file)))


@pytest.mark.django_db
def test_every_row_says_what_the_biller_needs(drawn, course):
    batch, charges, coder = drawn
    [row, *_] = sent(batch)
    coverage = course.patient.coverages.get()
    assert {name: value for name, value in row.items() if value} == {
        "action": "new",
        "charge_uid": str(charges[0].pk),
        "session_uid": str(charges[0].session_id),
        "course_uid": course.code,
        "mrn": course.patient.mrn,
        "payer": coverage.plan.payer.name,
        "plan": coverage.plan.code,
        "member_id": coverage.member_id,
        "line_of_business": "commercial_self_funded",
        "auth_number": "A1000001",
        "auth_status": "approved",
        "auth_valid_from": "2026-10-01",
        "auth_valid_through": "2026-12-31",
        "auth_units_remaining": "21",
        "date_of_service": "2026-10-05",
        "code": "77387",
        "modifier": "26",
        "units": "1",
        "amount": "36.41",
        "place_of_service": charges[0].place_of_service,
        "facility_npi": course.facility.npi,
        "rendering_npi": course.physician.npi,
        "ordering_npi": course.physician.npi,
        "dx1": "C61",
        "image_modality": "cbct",
        "reviewed_by": course.physician.name,
        "reviewed_at": row["reviewed_at"],
        "coder": coder.username,
        "release_batch": str(batch.number),
    }


@pytest.mark.django_db
def test_a_batch_is_frozen_whatever_becomes_of_its_case(drawn, course, treat, coder):
    batch, charges, user = drawn
    page = reverse("batch_csv", args=[batch.pk])
    before = coder.get(page).content
    assert hashlib.sha256(before).hexdigest() == batch.file_hash
    treat(course, 1)
    course.patient.coverages.update(member_id="CHANGED")
    course.physician.name = "Another Name"
    course.physician.save()
    assert coder.get(page).content == before
    void(charge=charges[0], by=user, reason="Treated elsewhere")
    assert coder.get(page).content == before


@pytest.mark.django_db
def test_a_line_that_is_void_and_has_a_successor_is_one_line_to_correct(drawn, coder):
    batch, charges, user = drawn
    void(charge=charges[0], by=user, reason="Treated elsewhere")
    release(charge=replace(charge=charges[1], by=user, reason="Wrong physician"), by=user)
    page = coder.get(reverse("batch_detail", args=[batch.pk]))
    assert page.context["to_correct"] == 2


@pytest.mark.django_db
def test_a_correction_is_a_batch_of_its_own_and_names_the_earlier_one(drawn, course):
    batch, charges, coder = drawn
    lost = void(charge=charges[0], by=coder, reason="Treated elsewhere")
    successor = replace(charge=charges[1], by=coder, reason="Wrong physician")
    [waiting] = waiting_corrections(Charge.objects.all())
    assert (waiting["number"], waiting["voided"], waiting["successors"]) == (batch.number, 2, 0)
    release(charge=successor, by=coder)
    assert waiting_batches(Charge.objects.all()) == []
    payer = charges[0].plan.payer
    assert draw_batch(facility=course.facility, payer=payer, by=coder) is None
    correction = reopen_batch(batch=batch, by=coder)
    assert (correction.reopens, correction.number) == (batch, batch.number + 1)
    assert (correction.units, correction.amount) == (1, Decimal("36.41"))
    rows = {row["charge_uid"]: row for row in sent(correction)}
    shown = ("action", "replaces_charge_uid", "replaces_batch", "units", "amount")
    number = str(batch.number)
    assert [rows[str(successor.pk)][name] for name in shown] == [
        *("replace", str(charges[1].pk), number, "1", "36.41")
    ]
    for taken_back in (lost, charges[1]):
        assert [rows[str(taken_back.pk)][name] for name in shown] == [
            *("void", str(taken_back.pk), number, "0", "0.00")
        ]
    assert reopen_batch(batch=batch, by=coder) is None
    assert Charge.objects.get(pk=lost.pk).batch == batch
    assert [row.key for row in INVARIANTS if broken(row)] == []
    for each in Batch.objects.all():
        assert sum(int(row["units"]) for row in sent(each)) == each.units
        assert sum(Decimal(row["amount"]) for row in sent(each)) == each.amount


@pytest.mark.django_db
def test_the_pages_draw_the_correction_and_link_both(drawn, coder):
    batch, charges, user = drawn
    void(charge=charges[0], by=user, reason="Treated elsewhere")
    assert "To be corrected" in coder.get(reverse("batch_list")).content.decode()
    assert (
        "Draw its correction"
        in coder.get(reverse("batch_detail", args=[batch.pk])).content.decode()
    )
    key = new_key()
    first = coder.post(reverse("batch_reopen", args=[batch.pk]), {"key": key})
    again = coder.post(reverse("batch_reopen", args=[batch.pk]), {"key": key})
    assert first["Location"] == again["Location"]
    correction = Batch.objects.get(reopens=batch)
    assert f'Corrected by <a href="{reverse("batch_detail", args=[correction.pk])}"' in (
        coder.get(reverse("batch_detail", args=[batch.pk])).content.decode()
    )
    page = coder.get(reverse("batch_detail", args=[correction.pk])).content.decode()
    assert f"takes back the line of {batch}" in page


@pytest.mark.django_db
def test_the_preview_has_six_lines_a_form_and_the_number_in_item_23(drawn, course, coder):
    batch, charges, user = drawn
    line = (
        charges[0].session.authorized_service
        or Charge.objects.get(pk=charges[0].pk).session.authorized_service
    )
    line.authorization.number = "A 10-00 001"
    line.authorization.save()
    void(charge=charges[6], by=user, reason="Twice")
    forms = claims_of(batch)
    assert [len(form.lines) for form in forms] == [6]
    assert forms[0].authorization == "A1000001"
    assert forms[0].total == 6 * Decimal("36.41")
    assert {row.pointer for row in forms[0].lines} == {"A"}
    page = coder.get(reverse("batch_claims", args=[batch.pk])).content.decode()
    for item in ("1a", "11c", "17b", "21", "23", "24A", "28", "31", "32", "33"):
        assert f"<b>{item}</b>" in page
    assert "A1000001" in page
    assert course.physician.npi in page
    assert "On no claim: 1 void line, $36.41" in page


@pytest.mark.django_db
def test_a_long_course_takes_several_forms_that_add_up(drawn):
    batch, _, _ = drawn
    forms = claims_of(batch)
    assert [(form.page, form.pages, len(form.lines)) for form in forms] == [(1, 2, 6), (2, 2, 1)]
    assert sum(form.total for form in forms) == batch.amount
    assert sum(form.units for form in forms) == batch.units


@pytest.mark.django_db
def test_a_double_click_draws_one_batch(course, approved, treat, coder):
    charges = [session.charges.get() for session in treat(course, 2)]
    release_many(charges=charges, by=coder.user)
    data = {"facility": course.facility.pk, "payer": charges[0].plan.payer_id, "key": new_key()}
    targets = {coder.post(reverse("batch_draw"), data)["Location"] for _ in range(2)}
    assert targets == {reverse("batch_detail", args=[Batch.objects.get().pk])}


@pytest.mark.django_db
def test_ledger_batch_and_download_agree_to_the_unit_and_the_cent(drawn, coder):
    batch, charges, _ = drawn
    response = coder.get(reverse("batch_csv", args=[batch.pk]))
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    ledger = Charge.objects.filter(batch=batch)
    assert sum(int(row["units"]) for row in rows) == batch.units == len(charges)
    assert sum(Decimal(row["amount"]) for row in rows) == batch.amount
    assert sum(charge.amount for charge in ledger) == batch.amount


@pytest.mark.django_db(transaction=True)
def test_eight_people_draw_at_once_and_no_number_is_missing_or_twice(
    facility, person, authorize, treat
):
    plans = [make.PlanFactory(code=f"P{n}", payer=make.PayerFactory(key=f"p{n}")) for n in range(4)]
    coder = person(Role.CODER)
    for plan in plans:
        session = make.GuidanceSessionFactory(course=make.CourseFactory(facility=facility))
        make.ChargeFactory(
            session=session,
            facility=facility,
            plan=plan,
            status="released",
            released_at=session.started_at,
            released_by=coder,
            amount=Decimal("36.41"),
        )

    def work(number: int) -> None:
        try:
            draw_batch(facility=facility, payer=plans[number % 4].payer, by=coder)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert sorted(Batch.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
    assert not Charge.objects.filter(batch__isnull=True).exists()
    assert [row.key for row in INVARIANTS if row.key == "I7" and broken(row)] == []

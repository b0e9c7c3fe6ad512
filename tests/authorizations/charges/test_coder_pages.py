"""The coder's path: the queue by finding, one charge, release of many, batches, CSV."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse

from authorizations.exchange.charges_csv import COLUMNS
from authorizations.models import Batch, Charge, ChargeEvent
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def charges(course, approved, treat) -> list[Charge]:
    """Three clean charges, and one whose images nobody approved."""
    make.ProcedureCodeFactory(code="77387")
    make.ModifierFactory(code="26")
    make.ModifierFactory(code="76", kind="repeat")
    sessions = treat(course, 3) + treat(course, 1, reviewed=False)
    return [session.charges.get() for session in sessions]


def fresh(charge: Charge) -> Charge:
    return Charge.objects.get(pk=charge.pk)


def page(client, name: str, *args, **query) -> str:
    return client.get(reverse(name, args=args), query).content.decode()


def post(client, charge: Charge, verb: str, **data):
    return client.post(reverse("charge_move", args=[charge.pk, verb]), data)


def test_the_queue_shows_what_is_held_and_why(coder, charges):
    text = page(coder, "charge_list")
    assert "4 in view" in text
    rule = fresh(charges[3]).leading_rule
    assert f"rule={rule}" in text
    only = page(coder, "charge_list", rule=rule)
    assert "1 in view" in only


def test_a_charge_explains_itself(coder, charges):
    held = fresh(charges[3])
    text = page(coder, "charge_detail", held.pk)
    assert f"Rule {held.leading_rule}" in text
    assert "Likely denial" in text
    assert "The facts it was judged by" in text
    assert "Expected" in text


def test_a_stopped_charge_cannot_be_released_and_says_what_would_help(coder, charges):
    response = post(coder, charges[3], "release")
    assert "The rulebook stops this charge" in response.content.decode()
    assert fresh(charges[3]).status == "held"


def test_all_clean_charges_of_the_view_are_released_at_once(coder, charges):
    response = coder.post(
        reverse("charge_release_many"), {"scope": "view", "query": "status=ready"}
    )
    text = response.content.decode()
    assert "3 charges released" in text
    assert Charge.objects.filter(status="released").count() == 3
    assert fresh(charges[3]).status == "held"


def test_ticked_charges_are_released_and_the_others_named_with_the_reason(coder, charges):
    response = coder.post(
        reverse("charge_release_many"),
        {"scope": "ticked", "charge": [charges[0].pk, charges[3].pk]},
    )
    text = response.content.decode()
    assert "1 charge released" in text
    assert "Kept back, and why" in text
    assert "The rulebook stops this charge" in text


def test_two_coders_never_release_the_same_charge_twice(coder, client_of, charges):
    post(coder, charges[0], "release")
    again = post(client_of("coder"), charges[0], "release")
    assert "It is released already, by " in again.content.decode()
    assert ChargeEvent.objects.filter(charge=charges[0], verb="release").count() == 1


def test_holding_needs_a_reason_and_lasts_until_it_is_given_back(coder, charges):
    assert "Give the reason" in post(coder, charges[0], "hold", reason="").content.decode()
    post(coder, charges[0], "hold", reason="ask the physicist", look_again_on="2036-01-01")
    held = fresh(charges[0])
    assert (held.status, held.hold_reason) == ("held", "ask the physicist")
    post(coder, charges[0], "return_to_review")
    assert fresh(charges[0]).status == "ready"


def test_a_correction_is_judged_again_and_keeps_its_author(coder, charges):
    post(coder, charges[0], "correct", code="77387", modifiers="", units="1", reason="payer asks")
    changed = fresh(charges[0])
    assert changed.modifiers == []
    assert changed.corrected_by == coder.user
    assert changed.reviews.count() >= 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"code": "ABCDE"}, "not in our book"),
        ({"modifiers": "ZZ"}, "Modifier ZZ is not in the table of modifiers"),
        ({"modifiers": "26 26"}, "stands twice"),
        ({"units": "0"}, "greater than or equal to 1"),
        ({"units": "11"}, "less than or equal to 10"),
        ({"reason": ""}, "Give the reason"),
    ],
)
def test_a_bad_correction_is_refused_and_kept(coder, charges, data, said):
    given = {"code": "77387", "modifiers": "26", "units": "1", "reason": "so", **data}
    response = post(coder, charges[0], "correct", **given)
    assert said in response.content.decode()
    assert fresh(charges[0]).corrected_at is None


def test_only_two_managers_override_a_stop(coder, manager, client_of, charges):
    text = post(coder, charges[3], "propose_override", reason="on paper").content.decode()
    assert "is for a manager" in text
    post(manager, charges[3], "propose_override", reason="documented on paper")
    own = post(manager, charges[3], "confirm_override").content.decode()
    assert "another manager has to confirm it" in own
    second = client_of("manager")
    assert "Overrides to confirm" in second.get(reverse("home")).content.decode()
    listed = second.get(reverse("charge_list"), {"queue": "overrides"}).content.decode()
    assert f'id="charge-{charges[3].pk}"' in listed
    assert "Confirm ticked overrides" in listed
    ticks = {"charge": [charges[3].pk], "verb": "confirm_override"}
    assert (
        "Confirm the override: 1 charge"
        in second.post(reverse("charge_many"), ticks).content.decode()
    )
    post(coder, charges[3], "release", reason="override seen")
    released = fresh(charges[3])
    assert released.status == "released"
    assert (released.override_proposed_by, released.overridden_by) == (manager.user, second.user)
    assert "documented on paper" in page(coder, "charge_detail", released.pk)


def test_a_void_keeps_its_story_and_a_successor_is_linked(coder, charges):
    post(coder, charges[0], "release")
    post(coder, charges[0], "replace", reason="wrong modifier")
    old = fresh(charges[0])
    assert old.status == "void"
    assert old.replaced_by.status == "ready"
    assert "a void charge" in page(coder, "charge_detail", old.replaced_by.pk)


def test_released_charges_are_drawn_into_a_batch_and_handed_over_as_csv(coder, charges, facility):
    coder.post(reverse("charge_release_many"), {"scope": "view", "query": "status=ready"})
    assert "To be drawn" in page(coder, "batch_list")
    payer = charges[0].plan.payer
    data = {"facility": facility.pk, "payer": payer.pk}
    for _ in range(2):
        coder.post(reverse("batch_draw"), data)
    batch = Batch.objects.get()
    response = coder.get(reverse("batch_csv", args=[batch.pk]))
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == batch.units == 3
    assert {row["code"] + row["modifier"] for row in rows} == {"7738726"}
    assert all(row["auth_number"] == "A1000001" for row in rows)
    assert sum(float(row["amount"]) for row in rows) == pytest.approx(float(batch.amount))


def test_a_formula_in_a_name_does_not_run_in_the_csv(coder, charges, facility, oncologist):
    course = charges[0].session.course
    course.physician.name = "=cmd()"
    course.physician.save()
    coder.post(reverse("charge_release_many"), {"scope": "view", "query": "status=ready"})
    payer = charges[0].plan.payer
    coder.post(reverse("batch_draw"), {"facility": facility.pk, "payer": payer.pk})
    response = coder.get(reverse("batch_csv", args=[Batch.objects.get().pk]))
    row = next(csv.DictReader(io.StringIO(response.content.decode())))
    assert row["reviewed_by"] == "'=cmd()"


def test_a_void_after_the_batch_is_marked_on_its_page_and_its_file_stays(coder, charges, facility):
    coder.post(reverse("charge_release_many"), {"scope": "view", "query": "status=ready"})
    payer = charges[0].plan.payer
    coder.post(reverse("batch_draw"), {"facility": facility.pk, "payer": payer.pk})
    batch = Batch.objects.get()
    file = reverse("batch_csv", args=[batch.pk])
    before = coder.get(file).content
    post(coder, charges[0], "void", reason="treated elsewhere")
    page = coder.get(reverse("batch_detail", args=[batch.pk])).context
    statuses = sorted(charge.status for charge in page["charges"])
    assert statuses == ["released", "released", "void"]
    assert coder.get(file).content == before


def test_nonsense_in_the_address_is_no_server_error(coder, charges):
    odd = {"rule": "R999", "payer": "x", "since": "never", "queue": "nope", "sort": "nope"}
    assert coder.get(reverse("charge_list"), odd).status_code == 200
    assert post(coder, charges[0], "explode").status_code == 404

"""A void charge has a way on: captured anew, or left unbilled; nobody forgets it meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from accounts.models import Role
from authorizations.charges.actions import release, void
from authorizations.charges.successors import capture_again, leave_unbilled
from authorizations.models import Charge, GapKind
from authorizations.treatments.reconciliation.gaps import gaps_on
from authorizations.treatments.reconciliation.loading import read_days
from authorizations.workflow import IllegalMove
from authorizations.worklists import querysets as queues

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 27, 18, tzinfo=UTC)
VERBS = {"capture_again", "leave_unbilled"}


@pytest.fixture
def lost(course, approved, treat, person) -> Charge:
    """A released charge that was voided: the fraction was given, and nothing bills it."""
    user = person(Role.CODER)
    charge = treat(course, 2)[0].charges.get()
    return void(charge=release(charge=charge, by=user), by=user, reason="Wrong physician")


def waiting(user) -> list[Charge]:
    return list(queues.void_without_successor(user, NOW))


def uncharged(charge: Charge) -> list[str]:
    """What the reconciliation of its day says of the fraction's charge."""
    day = charge.date_of_service
    book = read_days(charge.facility, day, day, NOW.date())
    found = gaps_on(book, day, book.slots(day))
    return [gap.detail for gap in found if gap.kind == GapKind.NO_CHARGE]


def test_a_void_charge_waits_in_a_worklist_and_in_the_reconciliation_of_its_day(lost, coder):
    assert waiting(coder.user) == [lost]
    assert uncharged(lost) == ["Fraction 1, its charge is void"]
    page = coder.get(reverse("charge_list"), {"queue": "void"})
    assert [row.pk for row in page.context["rows"]] == [lost.pk]
    assert "$36.41" in page.content.decode()


def test_captured_anew_it_is_a_charge_like_any_other(lost, coder):
    page = reverse("charge_move", args=[lost.pk, "capture_again"])
    response = coder.post(page, {"reason": "Right physician now"})
    successor = Charge.objects.get(replaces=lost)
    assert response["Location"] == reverse("charge_detail", args=[successor.pk])
    assert (successor.status, successor.line, successor.amount) == ("ready", lost.line, lost.amount)
    assert waiting(coder.user) == uncharged(lost) == []
    assert release(charge=successor, by=coder.user).status == "released"
    assert lost.events.last().reason == "Right physician now"


def test_left_unbilled_it_is_accounted_for_and_gives_its_unit_back(lost, coder, approved):
    line = approved.lines.get(code="77387")
    line.refresh_from_db()
    before = line.units_used
    leave_unbilled(charge=lost, by=coder.user, reason="Charity")
    line.refresh_from_db()
    assert (before, line.units_used) == (2, 1)
    assert waiting(coder.user) == uncharged(lost) == []
    evidence = coder.get(reverse("session_evidence", args=[lost.session_id])).content.decode()
    assert "left unbilled by a coder" in evidence
    with pytest.raises(IllegalMove, match="left unbilled already"):
        leave_unbilled(charge=lost, by=coder.user, reason="Again")
    assert capture_again(charge=lost, by=coder.user, reason="It is owed after all").replaces == lost


def test_the_page_offers_the_way_on_only_while_nothing_stands_in_its_place(lost, coder):
    page = reverse("charge_detail", args=[lost.pk])
    assert coder.get(page).context["verbs"] >= VERBS
    capture_again(charge=lost, by=coder.user, reason="Right physician now")
    assert not VERBS & coder.get(page).context["verbs"]
    with pytest.raises(IllegalMove, match="Another charge of this fraction"):
        capture_again(charge=lost, by=coder.user, reason="Twice")


def test_voiding_says_that_the_fraction_will_not_be_billed(course, approved, treat, coder):
    charge = release(charge=treat(course, 1)[0].charges.get(), by=coder.user)
    page = coder.get(reverse("charge_detail", args=[charge.pk]))
    buttons = {button.verb: button for button in page.context["buttons"]}
    assert "will not be billed" in buttons["void"].explanation
    assert list(buttons).index("replace") < list(buttons).index("void")

"""The verbs of a charge: what the page offers is what the action accepts, and what each leaves."""

from __future__ import annotations

import re

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models import Role
from authorizations.charges.actions import apply_correction, correct, hold, release, unhold, void
from authorizations.charges.dispute_list import by_rule, words_said
from authorizations.charges.disputes import dispute
from authorizations.charges.forms import Correction
from authorizations.charges.moves import OVERRIDES
from authorizations.charges.overrides import propose_override
from authorizations.charges.returns import answer_return, return_to_physician, return_to_therapist
from authorizations.charges.successors import replace
from authorizations.charges.views import FORMS
from authorizations.models import Charge
from authorizations.treatments.corrections import correct_session
from authorizations.treatments.reviews import review_images
from authorizations.workflow import CHARGE_MOVES, IllegalMove
from tests import factories as make

pytestmark = pytest.mark.django_db
GIVEN = {"reason": "For a test", "code": "77387", "modifiers": "26", "units": "1"}


def fresh(charge: Charge) -> Charge:
    return Charge.objects.get(pk=charge.pk)


@pytest.fixture
def clean(course, approved, treat) -> Charge:
    make.ProcedureCodeFactory(code="77387")
    make.ModifierFactory(code="26")
    return treat(course, 2)[0].charges.get()


@pytest.fixture
def unreviewed(course, approved, treat) -> Charge:
    return treat(course, 1, reviewed=False)[0].charges.get()


@pytest.fixture
def standings(clean, course, treat, person):
    """A charge in every standing the table knows, and with every mark a condition asks for."""
    coder, manager = person(Role.CODER), person(Role.MANAGER)
    sessions = treat(course, 7)
    stopped = treat(course, 1, reviewed=False)[0].charges.get()
    proposed = treat(course, 1, reviewed=False)[0].charges.get()
    propose_override(charge=proposed, by=manager, reason="Signed on paper")
    ready, held, wrong, out, sent, lost, gone = (session.charges.get() for session in sessions)
    hold(charge=held, by=coder, reason="Ask")
    correct(charge=wrong, by=coder, code="77387", modifiers=["TC"], units=1, reason="Slip")
    return_to_therapist(charge=out, by=coder, reason="Which machine?")
    release(charge=sent, by=coder)
    FORMS["mark_not_billable"][1](charge=lost, by=coder, reason="Not ordered")
    void(charge=gone, by=coder, reason="Twice")
    unmarked = clean
    release(charge=unmarked, by=manager)
    own = treat(course, 1)[0]
    own.recorded_by = coder
    own.save(update_fields=["recorded_by"])
    make.ChangedVerdictFactory(charge=sent)
    shown = (
        ready,
        held,
        wrong,
        out,
        sent,
        unmarked,
        lost,
        gone,
        stopped,
        proposed,
        own.charges.get(),
    )
    return coder, [fresh(charge) for charge in shown]


def offered_on(page: str, charge: Charge) -> set[str]:
    """The verbs whose forms stand on the page."""
    return set(re.findall(rf'action="/charges/{charge.pk}/(\w+)/"', page))


def accepts(charge: Charge, verb: str, by) -> bool:
    """Whether the action behind the form takes this verb now; nothing of it is kept."""
    form_class, action, _ = FORMS[verb]
    about = {"charge": charge} if form_class is Correction else {}
    form = form_class(GIVEN, **about)
    assert form.is_valid()
    try:
        with transaction.atomic():
            action(charge=fresh(charge), by=by, **form.cleaned_data)
            transaction.set_rollback(True)
    except IllegalMove:
        return False
    return True


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.CODER, Role.MANAGER])
def test_every_button_is_taken_and_every_missing_one_is_refused(role, client_of, standings):
    coder, charges = standings
    client = client_of(role)
    if role == Role.CODER:
        client.user = coder
        client.force_login(coder)
    seen = set()
    for charge in charges:
        page = client.get(reverse("charge_detail", args=[charge.pk])).content.decode()
        offers = offered_on(page, charge)
        taken = {verb for verb in FORMS if accepts(charge, verb, client.user)}
        assert offers == taken, (charge.status, charge.leading_rule, offers ^ taken)
        seen |= offers
    clinic = {"answer_return"}
    managers = set() if role == Role.MANAGER else OVERRIDES
    assert seen == set(FORMS) - clinic - managers


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.THERAPIST, Role.PHYSICIAN, Role.AUDITOR])
def test_other_roles_move_no_charge(role, client_of, clean):
    client = client_of(role)
    for verb in FORMS:
        response = client.post(reverse("charge_move", args=[clean.pk, verb]), GIVEN)
        assert response.status_code == 403, verb
    assert fresh(clean).status == "ready"


def test_every_move_of_the_table_has_its_form_and_every_form_its_move():
    assert {row.verb for row in CHARGE_MOVES} == set(FORMS)


def test_the_proposed_correction_is_taken_in_one_press(clean, person):
    coder = person(Role.CODER)
    correct(charge=clean, by=coder, code="77387", modifiers=["TC"], units=1, reason="Slip")
    mended = apply_correction(charge=clean, by=coder)
    assert (mended.line, mended.status) == ("77387-26", "ready")
    event = mended.events.filter(verb="apply_correction").get()
    assert event.details["rule"] == "R08"
    with pytest.raises(IllegalMove, match="proposes no other line"):
        apply_correction(charge=clean, by=coder)


def test_a_charge_returned_to_the_physician_comes_back_when_the_images_are_reviewed(
    unreviewed, person, oncologist
):
    coder = person(Role.CODER)
    return_to_physician(charge=unreviewed, by=coder, reason="Please review")
    out = fresh(unreviewed)
    assert (out.status, out.returned_to, out.returned_by) == ("held", "physician", coder)
    [result] = review_images(sessions=[out.session], by=oncologist.user)
    assert result.is_done
    back = fresh(unreviewed)
    assert (back.returned_to, back.return_reason, back.returned_at) == ("", "", None)
    event = back.events.filter(verb="come_back").get()
    assert event.reason == "The images were reviewed: approved."
    assert event.details["from"] == "physician"


def test_a_charge_returned_to_the_therapist_comes_back_when_the_session_is_corrected(
    course, approved, treat, person
):
    charge = treat(course, 1, reviewed=False, shift_lr_mm=None)[0].charges.get()
    coder, therapist = person(Role.CODER), person(Role.THERAPIST)
    return_to_therapist(charge=charge, by=coder, reason="No lateral shift")
    assert fresh(charge).returned_to == "therapist"
    correct_session(session=charge.session, by=therapist, reason="Read off again", shift_lr_mm=2)
    back = fresh(charge)
    assert back.returned_to == ""
    assert "Read off again" in back.events.get(verb="come_back").reason


def test_a_change_elsewhere_that_changes_the_judgement_brings_it_back_too(
    course, approved, treat, person
):
    from authorizations.verdicts.judge_course import judge_course

    charge = treat(course, 1, reviewed=False)[0].charges.get()
    coder = person(Role.CODER)
    return_to_therapist(charge=charge, by=coder, reason="Was it imaged?")
    judge_course(course, by=coder)
    assert fresh(charge).returned_to == "therapist"
    make.ImageReviewFactory(session=charge.session, reviewed_by=course.physician)
    judge_course(course, by=coder)
    back = fresh(charge)
    assert (back.returned_to, back.status) == ("", "ready")
    assert [e.verb for e in back.events.order_by("id")][-2:] == ["come_back", "judge"]


def test_what_cannot_be_mended_is_answered_and_only_by_whom_it_is_with(clean, person):
    coder, therapist, physician = (
        person(role) for role in (Role.CODER, Role.THERAPIST, Role.PHYSICIAN)
    )
    return_to_therapist(charge=clean, by=coder, reason="Which machine?")
    with pytest.raises(IllegalMove, match="not out for your answer"):
        answer_return(charge=clean, by=physician, reason="No idea")
    with pytest.raises(IllegalMove, match="It is with the therapist"):
        release(charge=clean, by=coder, reason="Never mind")
    back = answer_return(charge=clean, by=therapist, reason="TB1, as recorded")
    assert (back.status, back.returned_to) == ("ready", "")
    assert release(charge=clean, by=coder).status == "released"


def test_a_coder_may_take_a_returned_charge_back(clean, person):
    coder = person(Role.CODER)
    return_to_physician(charge=clean, by=coder, reason="Look again")
    with pytest.raises(IllegalMove, match="with the physician already"):
        return_to_physician(charge=clean, by=coder, reason="Look again")
    assert unhold(charge=clean, by=coder).status == "ready"


def test_the_clinic_finds_it_at_home_and_answers_there(clean, coder, therapist, physician):
    return_to_therapist(charge=clean, by=coder.user, reason="Which machine?")
    assert "Returned to the therapist" in therapist.get(reverse("home")).content.decode()
    page = therapist.get(reverse("return_list")).content.decode()
    assert "Which machine?" in page
    assert reverse("return_answer", args=[clean.pk]) in page
    seen = physician.get(reverse("return_list")).content.decode()
    assert reverse("return_answer", args=[clean.pk]) not in seen
    refused = therapist.post(reverse("return_answer", args=[clean.pk]), {"reason": " "})
    assert "Say what you found or did" in refused.content.decode()
    therapist.post(reverse("return_answer", args=[clean.pk]), {"reason": "TB1"})
    assert fresh(clean).returned_to == ""


def test_a_returned_charge_leaves_the_coders_queue_and_stands_in_its_own(unreviewed, coder):
    def count(key: str) -> int:
        page = coder.get(reverse("charge_list"), {"queue": key})
        return page.context["sums"].count

    assert (count("stopped"), count("returned")) == (1, 0)
    return_to_physician(charge=unreviewed, by=coder.user, reason="Please review")
    assert (count("stopped"), count("returned")) == (0, 1)


def test_a_dispute_changes_nothing_and_is_counted_by_its_rule(unreviewed, person, manager):
    coder = person(Role.CODER)
    before = fresh(unreviewed)
    for _ in range(2):
        dispute(charge=unreviewed, by=coder, reason="Signed on paper")
    after = fresh(unreviewed)
    assert (after.status, after.disposition, after.leading_rule) == (
        before.status,
        before.disposition,
        before.leading_rule,
    )
    with pytest.raises(IllegalMove, match="says nothing about this charge"):
        dispute(charge=unreviewed, by=coder, reason="No", rule="R99")
    [row] = by_rule(words_said(manager.user))
    assert (row.rule, row.disputes, row.overrides) == (before.leading_rule, 1, 0)
    assert row.told == "1 held, the rule still speaks"
    page = manager.get(reverse("dispute_list")).content.decode()
    assert "Signed on paper" in page


def test_the_same_hold_twice_is_one_event(clean, person):
    coder = person(Role.CODER)
    for _ in range(2):
        hold(charge=clean, by=coder, reason="Ask the physicist")
    assert clean.events.filter(verb="hold").count() == 1


def test_whoever_corrected_a_session_does_not_release_its_charge(course, approved, treat, person):
    charge = treat(course, 1, reviewed=False)[0].charges.get()
    both = person(Role.CODER)
    correct_session(session=charge.session, by=both, reason="Wrong machine", shift_lr_mm=3)
    make.ImageReviewFactory(session=charge.session, reviewed_by=course.physician)
    with pytest.raises(IllegalMove, match="corrected this session yourself"):
        release(charge=charge, by=both)
    assert release(charge=charge, by=person(Role.CODER)).status == "released"


def test_a_successor_of_ones_own_session_is_anothers_to_release(clean, person):
    coder, other = person(Role.CODER), person(Role.CODER)
    clean.session.recorded_by = coder
    clean.session.save()
    release(charge=clean, by=other)
    successor = replace(charge=clean, by=coder, reason="Wrong line")
    with pytest.raises(IllegalMove, match="uploaded this session yourself"):
        release(charge=successor, by=coder)

"""No way round a gate: another code, a correction by hand, a release of what the rows deny."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Role
from authorizations.charges.actions import apply_correction, correct, release
from authorizations.charges.bulk import decide_many
from authorizations.charges.overrides import confirm_override, decline_override, propose_override
from authorizations.invariants import INVARIANTS, broken
from authorizations.models import AuthorizedService, Charge, GuidanceSession, ImageReview
from authorizations.verdicts.judge_course import judge_course
from authorizations.verdicts.release_conditions import missing_fact
from authorizations.workflow import IllegalMove
from tests import factories as make

OTHERS = ("77427", "77407", "77470", "77301", "77417", "99215")
I2 = next(row for row in INVARIANTS if row.key == "I2")


def fresh(charge: Charge) -> Charge:
    return Charge.objects.get(pk=charge.pk)


@pytest.fixture
def clean(course, approved, treat) -> Charge:
    return treat(course, 2)[0].charges.get()


@pytest.fixture
def stopped(course, approved, treat) -> Charge:
    """A charge whose images nobody approved."""
    return treat(course, 1, reviewed=False)[0].charges.get()


@pytest.fixture
def skin(course, approved, treat) -> list[Charge]:
    """Fractions of a superficial treatment placed by ultrasound, all charged as 77387."""
    sessions = treat(course, 2)
    GuidanceSession.objects.filter(course=course).update(
        delivery_code="77437", modalities=["ultrasound"]
    )
    judge_course(course, by=make.UserFactory())
    return [session.charges.get() for session in sessions]


@pytest.mark.django_db
@pytest.mark.parametrize("code", OTHERS)
def test_a_stopped_charge_never_becomes_another_service(stopped, person, code):
    for role in (Role.CODER, Role.MANAGER):
        with pytest.raises(IllegalMove, match="charged elsewhere"):
            correct(
                charge=stopped, by=person(role), code=code, modifiers=[], units=1, reason="test"
            )
    assert (fresh(stopped).code, fresh(stopped).disposition) == ("77387", "STOP")


@pytest.mark.django_db
def test_the_database_keeps_other_services_off_a_session(clean):
    with pytest.raises(IntegrityError, match="charge_code_is_guidance"), transaction.atomic():
        Charge.objects.filter(pk=clean.pk).update(code="77427")


@pytest.mark.django_db
def test_the_form_says_what_to_do_instead_and_keeps_what_was_typed(stopped, client_of):
    make.ProcedureCodeFactory(code="77427", kind="management")
    typed = {"code": "77427", "modifiers": "", "units": "1", "reason": "Weekly management"}
    where = reverse("charge_move", args=[stopped.pk, "correct"])
    page = client_of("coder").post(where, typed).content.decode()
    assert "77427 is not image guidance" in page
    assert "Weekly management" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "words"), [("77014", "not valid on"), ("77439", "superficial treatment")]
)
def test_a_guidance_code_of_another_era_or_treatment_is_refused(clean, person, code, words):
    with pytest.raises(IllegalMove, match=words):
        correct(
            charge=clean, by=person(Role.CODER), code=code, modifiers=["26"], units=1, reason="x"
        )


@pytest.mark.django_db
def test_the_rulebooks_own_correction_is_no_override_also_when_typed(clean, person):
    coder = person(Role.CODER)
    correct(charge=clean, by=coder, code="77387", modifiers=["TC"], units=1, reason="Slip")
    mended = correct(charge=clean, by=coder, code="77387", modifiers=["26"], units=1, reason="Back")
    assert (mended.status, mended.overridden_at) == ("ready", None)


@pytest.mark.django_db
def test_silencing_a_stop_by_hand_is_an_override_for_a_manager(clean, person, client_of):
    coder, manager, second = person(Role.CODER), person(Role.MANAGER), person(Role.MANAGER)
    correct(charge=clean, by=coder, code="77387", modifiers=["26", "59", "XE"], units=1, reason="x")
    again = {"code": "77387", "modifiers": ["26", "XE"], "units": 1, "reason": "Distinct"}
    with pytest.raises(IllegalMove, match=r"R33.*a manager enters"):
        correct(charge=clean, by=coder, **again)
    assert fresh(clean).modifiers == ["26", "59", "XE"]
    done = correct(charge=clean, by=manager, **again)
    assert (done.override_proposed_by, done.override_reason) == (manager, "Distinct")
    with pytest.raises(IllegalMove, match="another manager confirms"):
        release(charge=clean, by=coder)
    with pytest.raises(IllegalMove, match="proposed this override yourself"):
        confirm_override(charge=clean, by=manager)
    assert confirm_override(charge=clean, by=second).overridden_by == second
    correct(charge=clean, by=coder, code="77387", modifiers=["26", "59", "XE"], units=1, reason="x")
    with pytest.raises(IllegalMove, match="stops this charge"):
        release(charge=clean, by=coder)
    assert "Distinct" in client_of("manager").get(reverse("dispute_list")).content.decode()


@pytest.mark.django_db
def test_a_declined_correction_goes_back_to_the_line_before(clean, person):
    manager, second = person(Role.MANAGER), person(Role.MANAGER)
    wrong = {"code": "77387", "modifiers": ["26", "59", "XE"], "units": 1, "reason": "x"}
    correct(charge=clean, by=manager, **wrong)
    correct(charge=clean, by=manager, **{**wrong, "modifiers": ["26", "XE"]})
    decline_override(charge=clean, by=second, reason="Nothing is distinct here")
    assert fresh(clean).modifiers == ["26", "59", "XE"]
    with pytest.raises(IllegalMove, match="stops this charge"):
        release(charge=clean, by=second)


@pytest.mark.django_db
def test_an_override_answers_for_its_own_stop_and_for_no_later_one(clean, person):
    manager, second = person(Role.MANAGER), person(Role.MANAGER)
    correct(charge=clean, by=manager, code="77387", modifiers=["TC"], units=1, reason="x")
    propose_override(charge=clean, by=manager, reason="Documented")
    confirm_override(charge=clean, by=second)
    GuidanceSession.objects.filter(pk=clean.session_id).update(shift_lr_mm=None)
    with pytest.raises(IllegalMove, match="stops this charge"):
        release(charge=clean, by=manager, reason="Documented")
    propose_override(charge=clean, by=manager, reason="Shifts are on paper")
    confirm_override(charge=clean, by=second)
    assert release(charge=clean, by=manager, reason="On paper").status == "released"


@pytest.mark.django_db
def test_the_proposed_code_is_not_covered_by_the_authorization_of_the_old_one(skin, course, person):
    coder = person(Role.CODER)
    line = AuthorizedService.objects.get(code="77387", authorization__course=course)
    assert (skin[0].leading_rule, line.units_used) == ("R23", 2)
    answer = decide_many(charges=skin, verb="apply_correction", by=coder)
    assert len(answer.done) == 2
    line.refresh_from_db()
    assert line.units_used == 0
    for charge in map(fresh, skin):
        assert (charge.line, charge.disposition, charge.leading_rule) == (
            "77439-26",
            "STOP",
            "R48",
        )
    assert [row.key for row in INVARIANTS if broken(row)] == []


@pytest.mark.django_db
def test_surface_guidance_with_its_own_line_goes_once_for_the_course(skin, course, person):
    first = AuthorizedService.objects.get(code="77387", authorization__course=course)
    AuthorizedService.objects.filter(pk=first.pk).update(code="77439")
    for charge in skin:
        apply_correction(charge=charge, by=person(Role.CODER))
    assert [fresh(charge).disposition for charge in skin] == ["pass", "STOP"]
    assert fresh(skin[1]).leading_rule == "R62"
    first.refresh_from_db()
    assert first.units_used == 2


@pytest.mark.django_db
def test_a_released_line_of_the_answer_shows_the_charge_as_it_is_now(skin, client_of):
    ticks = {"scope": "ticked", "charge": [str(charge.pk) for charge in skin]}
    page = client_of("coder").post(reverse("charge_many"), {**ticks, "verb": "apply_correction"})
    assert "77439-26" in page.content.decode()


LACKS = {
    "was not delivered": lambda c: GuidanceSession.objects.filter(pk=c.session_id).update(
        is_delivered=False
    ),
    "was taken back": lambda c: GuidanceSession.objects.filter(pk=c.session_id).update(
        voided_at="2026-11-20T12:00Z", voided_by=make.UserFactory(), void_reason="x"
    ),
    "No approval": lambda c: ImageReview.objects.filter(session=c.session_id).delete(),
    "after the next treatment": lambda c: ImageReview.objects.filter(session=c.session_id).update(
        reviewed_at=c.session.started_at + timedelta(days=40)
    ),
    "holds no unit": lambda c: GuidanceSession.objects.filter(pk=c.session_id).update(
        authorized_service=None
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("words", sorted(LACKS))
def test_the_release_asks_the_stored_rows_and_so_does_the_nightly_check(
    clean, person, words, monkeypatch
):
    """Even were the rulebook silent: judged clean, and then the rows are changed underneath."""
    released = release(charge=clean, by=person(Role.CODER))
    assert missing_fact(clean.pk) is None
    assert broken(I2) == []
    LACKS[words](released)
    assert words in missing_fact(clean.pk)
    assert broken(I2) == [clean.pk]


@pytest.mark.django_db
@pytest.mark.parametrize("words", sorted(LACKS))
def test_a_ready_charge_whose_rows_lack_a_fact_is_not_released(clean, person, words, monkeypatch):
    monkeypatch.setattr("authorizations.charges.actions.judge_course", lambda *_, **__: [])
    LACKS[words](clean)
    with pytest.raises(IllegalMove, match=words):
        release(charge=clean, by=person(Role.CODER))
    answer = decide_many(charges=[clean], verb="release", by=person(Role.CODER))
    assert words in answer.kept[0].sentence
    assert fresh(clean).status == "ready"

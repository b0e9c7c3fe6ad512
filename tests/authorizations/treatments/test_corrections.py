"""A session recorded wrongly is put right: old values kept, charge judged anew, nothing silent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError, transaction
from django.urls import reverse

from authorizations.charges.actions import release
from authorizations.models import GuidanceSession, SessionCorrection
from tests import factories as make

pytestmark = pytest.mark.django_db


def as_recorded(session: GuidanceSession, **changes: str) -> dict[str, str]:
    zone = session.facility.tz
    return {
        "delivered": "yes",
        "start_time": session.started_at.astimezone(zone).strftime("%H:%M"),
        "modality": "+".join(session.modalities),
        "image_time": session.image_at.astimezone(zone).strftime("%H:%M"),
        "shift_lr": str(session.shift_lr_mm),
        "shift_si": str(session.shift_si_mm),
        "shift_ap": str(session.shift_ap_mm),
        "rotations": "",
        "machine": session.machine,
        "reason": "typed for the wrong row",
        **changes,
    }


@pytest.fixture
def session(course, approved, treat) -> GuidanceSession:
    course.facility.machines = ["TB1", "TB2"]
    course.facility.save()
    return GuidanceSession.objects.get(pk=treat(course, reviewed=False)[0].pk)


@pytest.fixture
def correct(therapist, session):
    def post(**changes: str):
        values = as_recorded(session, **changes)
        return therapist.post(reverse("session_correct", args=[session.pk]), values)

    return post


def test_the_form_shows_what_stands(therapist, session):
    page = therapist.get(reverse("session_correct", args=[session.pk])).content.decode()
    assert f'value="{session.shift_lr_mm}"' in page
    assert f'value="{session.machine}"' in page


def test_the_old_value_the_person_and_the_reason_are_kept(therapist, session, correct):
    before = str(session.shift_lr_mm)
    assert correct(shift_lr="4.5").status_code == 302
    session.refresh_from_db()
    assert str(session.shift_lr_mm) == "4.5"
    kept = SessionCorrection.objects.get()
    assert kept.changes == [["shift_lr_mm", before, "4.5"]]
    assert (kept.by, kept.reason) == (therapist.user, "typed for the wrong row")
    page = therapist.get(reverse("session_detail", args=[session.pk])).content.decode()
    assert "Corrected: left–right" in page
    assert "typed for the wrong row" in page


def test_the_page_says_what_was_imaged_when_by_whom_and_who_changed_it(therapist, session, correct):
    GuidanceSession.objects.filter(pk=session.pk).update(
        therapist=make.ProviderFactory(name="Theo Beam", role="therapist", npi="")
    )
    correct(shift_lr="4.5", image_time="09:58")
    page = therapist.get(reverse("session_detail", args=[session.pk])).content.decode()
    assert "Cone-beam CT" in page
    assert "09:58" in page
    assert "Theo Beam" in page
    assert str(session.recorded_by) in page
    assert "left–right: 1.0 → 4.5" in page
    assert "image time: 09:56 → 09:58" in page
    assert str(therapist.user) in page
    assert "typed for the wrong row" in page


def test_rotations_are_put_right_too(session, correct):
    correct(rotations="0.4 -0.7 1")
    session.refresh_from_db()
    assert [str(session.pitch_deg), str(session.roll_deg), str(session.yaw_deg)] == [
        "0.4",
        "-0.7",
        "1.0",
    ]


def test_saving_the_same_values_again_leaves_no_trace(correct):
    correct()
    assert not SessionCorrection.objects.exists()


def test_without_a_reason_nothing_changes_and_nothing_typed_is_lost(session, correct):
    page = correct(shift_lr="4.5", reason="").content.decode()
    assert "Say what was wrong." in page
    assert 'value="4.5"' in page
    assert not SessionCorrection.objects.exists()


def test_the_charge_is_judged_again(session, correct):
    charge = session.charges.get()
    standing = charge.leading_rule
    correct(delivered="no")
    charge.refresh_from_db()
    assert charge.leading_rule != standing


def test_without_an_image_there_is_no_charge_and_no_unit(session, correct):
    correct(modality="none", image_time="", shift_lr="", shift_si="", shift_ap="")
    session.refresh_from_db()
    assert session.modalities == []
    assert session.authorized_service is None
    assert not session.charges.live().exists()


def test_what_the_physician_approved_is_not_changed_underneath(course, session, correct):
    make.ImageReviewFactory(session=session, reviewed_by=course.physician)
    page = correct(shift_lr="4.5").content.decode()
    assert "The physician approved these images and shifts." in page
    session.refresh_from_db()
    assert str(session.shift_lr_mm) != "4.5"


def test_the_machine_of_an_approved_session_may_be_put_right(course, session, correct):
    make.ImageReviewFactory(session=session, reviewed_by=course.physician)
    assert correct(machine="TB2").status_code == 302
    session.refresh_from_db()
    assert session.machine == "TB2"


def test_a_released_charge_is_never_changed_underneath(session, correct, course, treat, coder):
    reviewed_at = session.started_at + timedelta(hours=2)
    make.ImageReviewFactory(session=session, reviewed_by=course.physician, reviewed_at=reviewed_at)
    treat(course)
    release(charge=session.charges.get(), by=coder.user)
    page = correct(machine="TB2").content.decode()
    assert "Its charge is released." in page
    session.refresh_from_db()
    assert session.machine != "TB2"


def test_a_session_taken_back_stays_as_it_was(therapist, session, correct):
    therapist.post(reverse("session_void", args=[session.pk]), {"reason": "wrong patient"})
    assert "Record the fraction again." in correct(machine="TB2").content.decode()


def test_a_correction_cannot_be_rewritten():
    kept = make.SessionCorrectionFactory()
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        SessionCorrection.objects.filter(pk=kept.pk).update(reason="another")

"""An approval of images counts when the physician gives it, or a machine channel brings it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Role, system_user
from authorizations.charges.actions import release
from authorizations.exceptions import Refused
from authorizations.imports.actions import import_treatments
from authorizations.imports.machine_channels import (
    channel_of,
    command_line_channel,
    confirm_channel,
    create_channel,
    end_channel,
)
from authorizations.models import Charge, GuidanceSession, ImageReview
from authorizations.treatments.reviews import review_images
from authorizations.workflow import IllegalMove
from tests import factories as make
from tests.support.record_versions import TODAY, Word, as_files

pytestmark = pytest.mark.django_db
BARE = Word(1, 0, as_csv=True)
WITH_APPROVAL = replace(BARE, minute=5, reviewed=True)


@pytest.fixture
def ada(oncologist):
    """The physician whom the file names."""
    oncologist.name = "Ada Ray"
    oncologist.save()
    return oncologist


@pytest.fixture
def upload(course, approved, ada):
    """A person's file, or one that a channel brings."""

    def run(*words, by, **options):
        return import_treatments(as_files(list(words), course), by=by, on=TODAY, **options)

    return run


def charge() -> Charge:
    return Charge.objects.live().get()


@pytest.mark.parametrize("role", ["manager", "front_desk", "therapist", "physician"])
@pytest.mark.parametrize("words", [[WITH_APPROVAL], [BARE, WITH_APPROVAL]])
def test_what_a_person_uploads_is_only_a_report(upload, client_of, ada, physician, role, words):
    """Security A5: a manager's file approved the images for a physician who never signed in."""
    person = physician if role == "physician" else client_of(role)
    for word in words:
        upload(word, by=person.user)
    review = ImageReview.objects.get()
    assert (review.decision, review.source) == ("reported", "file")
    assert (charge().disposition, charge().leading_rule) == ("STOP", "R42")
    assert f"Reported approved by a file of {person.user}; the physician confirms" in str(
        charge().reviews.last().verdict
    )
    with pytest.raises(IllegalMove):
        release(charge=charge(), by=client_of("coder").user)
    page = physician.get(reverse("image_review_list")).content.decode()
    assert f"reported in a file of {person.user} as approved by you at Mon 5 Oct, 18:00" in page
    shown = physician.get(reverse("session_detail", args=[charge().session_id])).content.decode()
    assert "not confirmed" in shown


def test_the_physician_confirms_the_reported_time_in_one_press(upload, manager, physician, ada):
    upload(WITH_APPROVAL, by=manager.user)
    session = GuidanceSession.objects.get()
    answer = physician.post(
        reverse("image_review_record"), {"confirm": session.pk}, follow=True
    ).content.decode()
    assert "1 session confirmed as reported" in answer
    review = session.reviews.get(decision="approved")
    assert (review.source, review.recorded_by, review.confirms.recorded_by) == (
        "product",
        physician.user,
        manager.user,
    )
    assert review.reviewed_at == datetime(2026, 10, 5, 18, tzinfo=session.facility.tz)
    assert review.recorded_at > review.reviewed_at
    assert charge().disposition == "pass"
    told = f"reported in a file of {manager.user}, confirmed by the physician"
    for page in ("session_detail", "session_evidence"):
        assert told in physician.get(reverse(page, args=[session.pk])).content.decode()


def test_who_uploaded_the_report_does_not_release_after_it_is_confirmed(
    upload, therapist, manager, person, physician, ada
):
    upload(BARE, by=therapist.user)
    upload(WITH_APPROVAL, by=manager.user)
    review_images(sessions=[charge().session], by=physician.user, is_confirmation=True)
    with pytest.raises(IllegalMove, match="entered or uploaded the approval"):
        release(charge=charge(), by=manager.user)
    assert release(charge=charge(), by=person(Role.CODER)).status == "released"


def test_only_the_physician_named_confirms_and_not_after_a_correction(
    upload, manager, client_of, physician, ada
):
    upload(WITH_APPROVAL, by=manager.user)
    session = GuidanceSession.objects.get()
    other = client_of("physician")
    make.ProviderFactory(user=other.user)
    (result,) = review_images(sessions=[session], by=other.user, is_confirmation=True)
    assert not result.is_done
    assert "The file names Ada Ray" in result.sentence
    make.SessionCorrectionFactory(session=session)
    (result,) = review_images(sessions=[session], by=physician.user, is_confirmation=True)
    assert "corrected after this was reported" in result.sentence
    (result,) = review_images(sessions=[session], by=physician.user)
    assert result.is_done
    assert session.reviews.get(decision="approved").confirms is None


def test_what_a_physician_confirmed_is_not_replaced_by_a_later_file(
    upload, manager, physician, ada
):
    upload(WITH_APPROVAL, by=manager.user)
    review_images(sessions=[charge().session], by=physician.user, is_confirmation=True)
    plan = upload(replace(WITH_APPROVAL, minute=9, shift="2.5"), by=manager.user)
    assert [row.kind for row in plan.conflicts] == ["images_approved"]


def test_a_channel_in_force_brings_approvals_that_count(upload, administrator, course):
    channel, credential = create_channel(name="ARIA", by=system_user(), facility=course.facility)
    with pytest.raises(Refused, match="waits for an administrator"):
        channel_of("ARIA", credential)
    confirm_channel(channel=channel, by=administrator.user)
    with pytest.raises(Refused, match="not known by this credential"):
        channel_of("ARIA", credential + "x")
    upload(WITH_APPROVAL, by=system_user(), channel=channel_of("ARIA", credential))
    review = ImageReview.objects.get()
    assert (review.decision, review.source, review.channel) == ("approved", "channel", channel)
    assert charge().disposition == "pass"
    end_channel(channel=channel)
    with pytest.raises(Refused, match="was ended"):
        channel_of("ARIA", credential)


def test_a_channel_of_another_facility_only_reports(upload, elsewhere, administrator):
    channel, _ = create_channel(name="ARIA", by=system_user(), facility=elsewhere)
    confirm_channel(channel=channel, by=administrator.user)
    upload(WITH_APPROVAL, by=system_user(), channel=channel)
    assert ImageReview.objects.get().decision == "reported"


def test_an_administrator_confirms_and_ends_channels_in_the_admin(administrator):
    channel, _ = create_channel(name="ARIA", by=system_user())
    own, _ = create_channel(name="Own", by=administrator.user)
    ticks = {"_selected_action": [channel.pk, own.pk], "action": "confirm_channels"}
    url = reverse("admin:authorizations_machinechannel_changelist")
    page = administrator.post(url, ticks, follow=True).content.decode()
    channel.refresh_from_db()
    own.refresh_from_db()
    assert channel.confirmed_by == administrator.user
    assert own.confirmed_by is None
    assert "another administrator has to confirm it" in page
    own.confirmed_by, own.confirmed_at = administrator.user, own.made_at
    with pytest.raises(IntegrityError), transaction.atomic():
        own.save()
    administrator.post(url, ticks | {"action": "end_channels"})
    channel.refresh_from_db()
    assert not channel.is_active


def test_the_command_line_is_a_channel_until_it_is_ended(course, approved, ada, tmp_path):
    path = tmp_path / "day.csv"
    path.write_bytes(as_files([WITH_APPROVAL], course)[0])
    call_command("import_treatments", path, as_of=TODAY)
    review = ImageReview.objects.get()
    assert (review.decision, review.channel) == ("approved", command_line_channel())
    end_channel(channel=command_line_channel())
    second = replace(WITH_APPROVAL, record=2, day=1, fraction=2)
    path.write_bytes(as_files([second], course)[0])
    call_command("import_treatments", path, as_of=TODAY)
    assert ImageReview.objects.get(session__fraction=2).decision == "reported"


def test_a_watched_folder_counts_only_with_its_credential(
    course, approved, ada, administrator, tmp_path, monkeypatch
):
    path = tmp_path / "day.csv"
    path.write_bytes(as_files([WITH_APPROVAL], course)[0])
    call_command("watch_treatments", tmp_path, "--once")
    assert ImageReview.objects.get().decision == "reported"
    channel, credential = create_channel(name="ARIA", by=system_user())
    confirm_channel(channel=channel, by=administrator.user)
    monkeypatch.setenv("CHANNEL_CREDENTIAL", "wrong")
    with pytest.raises(CommandError, match="not known by this credential"):
        call_command("watch_treatments", tmp_path, "--once", "--channel", "ARIA")
    monkeypatch.setenv("CHANNEL_CREDENTIAL", credential)
    second = replace(WITH_APPROVAL, record=2, day=1, fraction=2)
    path.write_bytes(as_files([second], course)[0])
    call_command("watch_treatments", tmp_path, "--once", "--channel", "ARIA")
    assert ImageReview.objects.get(session__fraction=2).channel == channel


def test_the_database_takes_no_approval_from_a_file(upload, manager):
    upload(WITH_APPROVAL, by=manager.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        ImageReview.objects.update(decision="approved")


def test_create_channel_prints_the_credential_once(capsys):
    call_command("create_channel", "ARIA")
    credential = capsys.readouterr().out.strip()
    with pytest.raises(Refused, match="waits for an administrator"):
        channel_of("ARIA", credential)
    with pytest.raises(CommandError, match="name of another channel"):
        call_command("create_channel", "ARIA")


def test_a_word_that_waited_keeps_the_channel_that_brought_it(upload, manager):
    upload(WITH_APPROVAL, by=system_user(), channel=command_line_channel())
    upload(replace(WITH_APPROVAL, record=2, hour=8), by=manager.user)
    assert charge().session.source_record == "R2"
    assert charge().leading_rule == "R42"
    upload(replace(WITH_APPROVAL, record=2, hour=8, minute=9, shift=None), by=manager.user)
    assert charge().session.source_record == "R1"
    assert charge().session.reviews.get().channel == command_line_channel()

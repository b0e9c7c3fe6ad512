"""Conflicts as they were known: what the record-and-verify system said and nobody had decided."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.urls import reverse

from accounts.past.middleware import KEY
from authorizations.imports.actions import import_treatments
from authorizations.imports.conflicts import keep_ours, take_over
from authorizations.models import GuidanceSession, TreatmentRecord
from authorizations.treatments.reviews import review_images
from tests.support.past import look_back_to, moment_between
from tests.support.record_versions import TODAY, Word, as_files

pytestmark = pytest.mark.django_db(transaction=True)
FIRST = Word(1, 0)
LATER = replace(FIRST, minute=5, shift="2.5")


@pytest.fixture
def disputed(course, approved, coder, physician, oncologist):
    """A session whose images were approved, and a later word about it; moments around that."""
    import_treatments(as_files([FIRST], course), by=coder.user, on=TODAY)
    session = GuidanceSession.objects.get()
    review_images(sessions=[session], by=physician.user)
    before = moment_between()
    import_treatments(as_files([LATER], course), by=coder.user, on=TODAY)
    return session, before, moment_between()


def pages(client, session) -> dict[str, str]:
    """The list of conflicts, the reconciliation of the day, and the session's page."""
    day = f"{reverse('reconciliation')}?facility={session.facility.code}&date=2026-10-05"
    urls = (reverse("conflict_list"), day, reverse("session_detail", args=[session.pk]))
    shown = [client.get(url).content.decode() for url in urls]
    mains = [re.search(r"<main.*</main>", page, re.DOTALL).group() for page in shown]
    bare = [re.sub(r'value="[\w-]{32,}"', "", main) for main in mains]
    return dict(zip(("list", "day", "session"), bare, strict=True))


@pytest.mark.parametrize("decide", [keep_ours, take_over])
def test_a_past_moment_shows_the_conflict_that_was_open_then(disputed, therapist, decide):
    session, before, between = disputed
    open_then = pages(therapist, session)
    assert "<td>2.5</td>" in open_then["list"]
    assert reverse("conflict_list") not in open_then["session"]

    record = TreatmentRecord.objects.conflicts().get()
    decide(record=record, by=therapist.user, reason="seen by two of us")
    now = pages(therapist, session)
    assert "Nothing waits to be decided" in now["list"]
    assert now["day"] != open_then["day"]

    look_back_to(therapist, between)
    assert pages(therapist, session) == open_then
    look_back_to(therapist, before)
    earlier = pages(therapist, session)
    assert "Nothing waits to be decided" in earlier["list"]
    assert earlier["day"] != open_then["day"]
    assert "<td>2.5</td>" not in earlier["list"]

    kept = therapist.session
    del kept[KEY]
    kept.save()
    assert pages(therapist, session) == now


def test_each_state_of_a_record_is_kept_with_its_person(disputed, therapist):
    record = TreatmentRecord.objects.conflicts().get()
    keep_ours(record=record, by=therapist.user, reason="seen by two of us")
    past = list(record.history.order_by("pgh_id").values_list("pgh_label", "standing"))
    assert past == [("insert", "stands"), ("update", "conflict"), ("update", "stands")]


def test_a_word_heard_again_adds_nothing_to_the_past(disputed, course, coder):
    record = TreatmentRecord.objects.conflicts().get()
    count = record.history.count()
    again = replace(LATER, as_csv=True)
    import_treatments(as_files([again], course), by=coder.user, on=TODAY)
    assert record.history.count() == count

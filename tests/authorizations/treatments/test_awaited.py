"""Which images wait is kept by the database, and is what the rows say after whatever happens."""

from __future__ import annotations

import random
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.past.middleware import as_known
from authorizations.invariants import INVARIANTS, broken
from authorizations.models import AwaitedReview, GuidanceSession, ImageReview
from authorizations.worklists.querysets import denied_requests, to_review
from tests import factories as make

KEPT = next(invariant for invariant in INVARIANTS if invariant.key == "I12")
pytestmark = pytest.mark.django_db


def waits(session: GuidanceSession) -> bool:
    assert broken(KEPT) == []
    return AwaitedReview.objects.filter(session=session).exists()


def void(session: GuidanceSession) -> None:
    GuidanceSession.objects.filter(pk=session.pk).update(
        voided_at=timezone.now(), voided_by=session.recorded_by
    )


def test_images_wait_until_they_are_approved():
    session = make.GuidanceSessionFactory()
    assert waits(session)
    make.ImageReviewFactory(session=session, decision="preliminary")
    assert waits(session)
    make.ImageReviewFactory(session=session, decision="approved")
    assert not waits(session)


def test_rejected_ones_wait_again_once_the_session_is_corrected():
    session = make.GuidanceSessionFactory()
    make.SessionCorrectionFactory(session=session)
    make.ImageReviewFactory(session=session, decision="rejected")
    assert not waits(session)
    make.SessionCorrectionFactory(session=session)
    assert waits(session)


def test_a_voided_session_and_one_without_images_wait_for_nobody():
    session, bare = make.GuidanceSessionFactory(), make.GuidanceSessionFactory(modalities=[])
    assert not waits(bare)
    void(session)
    assert not waits(session)
    GuidanceSession.objects.filter(pk=bare.pk).update(modalities=["cbct"])
    assert waits(bare)


def test_an_answer_taken_away_makes_them_wait_again():
    session = make.GuidanceSessionFactory()
    make.ImageReviewFactory(session=session)
    ImageReview.objects.filter(session=session).delete()
    assert waits(session)


CHANGES = (
    lambda s: make.SessionCorrectionFactory(session=s),
    lambda s: make.ImageReviewFactory(session=s, decision="rejected"),
    lambda s: make.ImageReviewFactory(session=s, decision="preliminary"),
    lambda s: ImageReview.objects.filter(session=s).update(decision="rejected"),
    lambda s: ImageReview.objects.filter(session=s).delete(),
    lambda s: GuidanceSession.objects.filter(pk=s.pk).update(voided_at=None, voided_by=None),
    lambda s: GuidanceSession.objects.filter(pk=s.pk).update(modalities=[]),
    lambda s: GuidanceSession.objects.filter(pk=s.pk).update(modalities=["cbct"]),
    void,
)


@pytest.mark.parametrize("seed", range(4))
def test_after_any_history_what_is_kept_is_what_the_rows_say(seed):
    dice = random.Random(seed)
    sessions = [make.GuidanceSessionFactory() for _ in range(4)]
    for _ in range(30):
        dice.choice(CHANGES)(dice.choice(sessions))
        assert broken(KEPT) == []


@pytest.mark.django_db(transaction=True)
def test_the_past_asks_what_waited_then(facility, person):
    physician = person("physician", facility)
    session = make.GuidanceSessionFactory(facility=facility, course__facility=facility)
    then = timezone.now()
    time.sleep(0.02)
    make.ImageReviewFactory(session=session)
    assert list(to_review(physician, timezone.now())) == []
    with as_known(then):
        assert list(to_review(physician, then)) == [session]


@pytest.mark.django_db(transaction=True)
def test_many_at_once_leave_it_as_the_rows_say():
    sessions = [make.GuidanceSessionFactory() for _ in range(3)]
    reviewer, clerk = make.ProviderFactory(), make.UserFactory()
    start = threading.Barrier(8)
    failures: list[Exception] = []

    def change(number: int) -> None:
        try:
            start.wait(10)
            for session in sessions:
                if number % 2:
                    make.ImageReviewFactory(
                        session=session,
                        decision="rejected",
                        reviewed_by=reviewer,
                        recorded_by=clerk,
                    )
                else:
                    make.SessionCorrectionFactory(session=session, by=clerk)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=change, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert ImageReview.objects.count() == 12
    assert broken(KEPT) == []


@pytest.mark.parametrize(("days", "is_there"), [(0, True), (180, True), (181, False)])
def test_a_denial_leaves_the_worklist_when_no_appeal_is_heard_any_more(days, is_there):
    now = datetime(2026, 11, 20, 15, tzinfo=UTC)
    row = make.PriorAuthorizationFactory(
        status="denied", number="", decided_on=now.date() - timedelta(days=days)
    )
    assert (row in denied_requests(None, now)) is is_there

"""The evidence of a fraction: seven links, each with what proves it, the missing one named."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AccessEvent
from authorizations.charges.evidence import EvidenceChain
from authorizations.models import Charge, GuidanceSession
from authorizations.verdicts.judge_course import judge_course
from tests import factories as make

pytestmark = pytest.mark.django_db
TITLES = ["Order", "Image", "Image review", "Session", "Charge", "Authorization unit", "Batch"]


def page(client, session) -> str:
    return client.get(reverse("session_evidence", args=[session.pk])).content.decode()


def links(session) -> dict:
    """The links of a session as it stands now, by title."""
    rows = GuidanceSession.objects.select_related("course__physician", "facility")
    return {link.title: link for link in EvidenceChain(rows.get(pk=session.pk)).links}


def missing(session) -> list[str]:
    return [title for title, link in links(session).items() if link.standing == "missing"]


@pytest.fixture
def session(course, approved, treat) -> GuidanceSession:
    """The first of two fractions, in order and ready to be released."""
    return treat(course, 2)[0]


def test_a_whole_chain_says_who_and_when_for_each_link(coder, session, facility):
    charge = session.charges.get()
    coder.post(reverse("charge_move", args=[charge.pk, "release"]))
    payer = charge.plan.payer
    coder.post(reverse("batch_draw"), {"facility": facility.pk, "payer": payer.pk})
    text = page(coder, session)
    assert "The chain is whole" in text
    assert list(links(session)) == TITLES
    assert session.course.physician.npi in text
    assert "Number A1000001" in text
    assert "Batch 1" in text
    assert str(coder.user) in text
    assert AccessEvent.objects.filter(
        page="session_evidence", patient_number=session.course.patient_id
    ).exists()


def test_a_clean_charge_waits_for_a_coder(coder, session):
    assert missing(session) == ["Charge", "Batch"]
    assert "Clean, not released yet.</strong> A coder releases it." in page(coder, session)


def test_a_missing_order_is_asked_of_the_physician(coder, session):
    session.course.guidance_ordered_on = None
    session.course.save()
    assert missing(session)[0] == "Order"
    said = "<strong>Order:</strong> No order for image guidance is on file."
    assert f"{said} {session.course.physician}" in page(coder, session)


def test_an_order_younger_than_the_treatment_is_weak(session):
    session.course.guidance_ordered_on = session.date_of_service + timedelta(days=1)
    session.course.save()
    assert links(session)["Order"].standing == "weak"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"modalities": [], "image_at": None}, "No image is recorded."),
        ({"image_at": None}, "Its time is not recorded."),
        ({"shift_ap_mm": None}, "The shifts are not recorded."),
    ],
)
def test_a_missing_image_or_shift_is_asked_of_a_therapist(session, changes, said):
    GuidanceSession.objects.filter(pk=session.pk).update(**changes)
    link = links(session)["Image"]
    assert (link.standing, link.missing) == ("missing", said)
    assert "corrects the session" in link.acts


def test_images_nobody_approved_are_asked_of_the_physician(coder, course, approved, treat):
    first, _ = treat(course, 2, reviewed=False)
    assert "Image review" in missing(first)
    text = page(coder, first)
    assert "Not approved, and the next treatment was given." in text
    assert f"{course.physician} reviews the images." in text


def test_an_approval_after_the_next_treatment_is_too_late(course, approved, treat):
    first, second = treat(course, 2, reviewed=False)
    make.ImageReviewFactory(
        session=first,
        reviewed_by=course.physician,
        reviewed_at=second.started_at + timedelta(hours=3),
    )
    link = links(first)["Image review"]
    assert (link.standing, link.said) == ("missing", "Too late")
    assert link.missing == "Approved 3 h after the next treatment began: too late."


def test_what_was_not_delivered_or_was_taken_back_is_no_session(session):
    GuidanceSession.objects.filter(pk=session.pk).update(is_delivered=False)
    assert links(session)["Session"].missing == "Treatment was not delivered."


def test_a_session_without_a_charge_says_so(course, treat):
    session = make.GuidanceSessionFactory(course=course, facility=course.facility)
    assert links(session)["Charge"].missing == "No charge was captured."


def test_a_held_charge_names_its_finding(course, approved, treat):
    held = treat(course, 1, reviewed=False)[0]
    link = links(held)["Charge"]
    assert link.said == "Held"
    assert "approv" in link.missing.lower()


def test_a_missing_unit_is_asked_of_the_front_desk(course, treat):
    link = links(treat(course)[0])["Authorization unit"]
    assert link.standing == "missing"
    assert link.acts == "The front desk asks the payer for units that cover the day."


def test_where_the_plan_asks_for_no_authorization_no_unit_is_needed(course, treat, plan):
    plan.payer.authorizationpolicy_rows.update(requirement="not_required")
    link = links(treat(course)[0])["Authorization unit"]
    assert link.standing == "not needed"


def test_a_decision_known_by_telephone_is_weak(course, authorize, treat):
    authorize(course, evidence="phone")
    link = links(treat(course)[0])["Authorization unit"]
    assert link.standing == "weak"
    assert "attaches the letter" in link.acts


def test_a_released_charge_waits_for_its_batch(coder, session):
    coder.post(reverse("charge_move", args=[session.charges.get().pk, "release"]))
    assert missing(session) == ["Batch"]
    assert links(session)["Batch"].missing == "Released, in no batch yet."


def test_what_is_written_off_needs_no_batch(coder, session):
    url = reverse("charge_move", args=[session.charges.get().pk, "mark_not_billable"])
    coder.post(url, {"reason": "a test"})
    assert missing(session) == []
    assert links(session)["Charge"].said == "Not billable"


def test_the_page_asks_the_database_the_same_however_long_the_course(coder, session, treat):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(coder, session)
        return len(asked)

    questions()
    few = questions()
    treat(session.course, 6)
    judge_course(session.course, by=coder.user)
    assert Charge.objects.count() == 8
    assert questions() == few


def test_who_may_not_open_charges_gets_no_link_to_them(front_desk, session):
    text = page(front_desk, session)
    assert "Clean, not released yet." in text
    assert "/charges/" not in text

"""A document of another patient is moved or struck; what rested on it is judged again."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessEvent, Role
from authorizations.charges.actions import release
from authorizations.corrections.documents import (
    move_document,
    readers_of,
    requests_named,
    restore_document,
    strike_document,
)
from authorizations.courses.events import course_events
from authorizations.exceptions import Refused
from authorizations.models import (
    ChangedVerdict,
    Document,
    PriorAuthorization,
    Proof,
    RecordCorrection,
)
from authorizations.prior_authorizations.documents import content_of
from tests import factories as make
from tests.support.database_guards import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(facility, plan):
    """Another patient's course at the same facility."""
    row = make.CourseFactory(facility=facility)
    make.CoverageFactory(patient=row.patient, plan=plan)
    return row


@pytest.fixture
def asserted(other, authorize):
    """The other patient's approval by letter, whose letter is not here."""
    request = authorize(other, number="B2000002")
    request.documents.get().delete()
    return request


def proof_of(request: PriorAuthorization) -> str:
    return PriorAuthorization.objects.get(pk=request.pk).proof_here


def test_a_struck_letter_proves_nothing_and_its_charges_are_held(approved, course, treat, person):
    charge = treat(course)[0].charges.get()
    assert charge.status == "ready"
    document = approved.documents.get()
    clerk = person(Role.FRONT_DESK)
    strike_document(document=document, reason="Another's name on it", by=clerk)
    charge.refresh_from_db()
    assert charge.status == "held"
    assert proof_of(approved) == Proof.ASSERTED
    assert approved in PriorAuthorization.objects.asserted()
    assert not Document.objects.filter(pk=document.pk).exists()
    assert content_of(document) is not None
    kept = RecordCorrection.objects.get()
    assert (kept.row, kept.reason, kept.by) == (document.pk, "Another's name on it", clerk)
    assert any("approval letter struck" in moment.what for moment in course_events(course))
    restore_document(document=document, reason="It is hers after all", by=clerk)
    charge.refresh_from_db()
    assert charge.status == "ready"
    assert proof_of(approved) == Proof.LETTER


def test_a_released_charge_stays_and_is_marked(approved, course, treat, person):
    charge = treat(course)[0].charges.get()
    release(charge=charge, by=person(Role.CODER))
    strike_document(
        document=approved.documents.get(), reason="Another's", by=person(Role.FRONT_DESK)
    )
    charge.refresh_from_db()
    assert charge.status == "released"
    assert ChangedVerdict.objects.filter(charge=charge).exists()


def test_a_moved_letter_proves_where_it_belongs(approved, course, asserted, treat, other, person):
    here, there = treat(course)[0].charges.get(), treat(other)[0].charges.get()
    assert (here.status, there.status) == ("ready", "held")
    document = approved.documents.get()
    clerk = person(Role.FRONT_DESK)
    move_document(document=document, to=asserted, reason="Read the name", by=clerk)
    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.status, there.status) == ("held", "ready")
    assert (proof_of(approved), proof_of(asserted)) == (Proof.ASSERTED, Proof.LETTER)
    left, came = RecordCorrection.objects.order_by("pk")
    assert (left.patient, came.patient) == (course.patient, other.patient)
    for kept, stranger in ((left, other.patient), (came, course.patient)):
        assert stranger.last_name not in str(kept.changes)
        assert kept.row == document.pk


def test_the_read_log_goes_with_the_document(front_desk, approved, asserted, auditor):
    document = approved.documents.get()
    for client in (front_desk, auditor, auditor):
        client.get(reverse("document_download", args=[document.pk]))
    move_document(document=document, to=asserted, reason="Name", by=front_desk.user)
    assert [(r.name, r.times) for r in readers_of(document)] == [
        (str(auditor.user), 2),
        (str(front_desk.user), 1),
    ]
    first = AccessEvent.objects.filter(page="document_download").first()
    assert first.patient_number == approved.course.patient_id
    page = front_desk.get(reverse("document_move", args=[document.pk])).content.decode()
    assert "2 times" in page


def test_moving_asks_whose_it_will_be_and_loses_nothing(front_desk, approved, asserted, other):
    document = approved.documents.get()
    url = reverse("document_move", args=[document.pk])
    typed = {"target": "b 2000-002", "reason": "The name on page 1", "confirmed": ""}
    asked = front_desk.post(url, typed)
    page = asked.content.decode()
    assert str(other.patient) in page
    assert 'value="The name on page 1"' in page
    document.refresh_from_db()
    assert document.authorization_id == approved.pk
    seen = asked.context["form"]["confirmed"].value()
    done = front_desk.post(url, typed | {"confirmed": seen})
    assert done.url == reverse("authorization_detail", args=[asserted.pk])
    document.refresh_from_db()
    assert document.authorization_id == asserted.pk


def test_another_target_than_the_confirmed_one_is_asked_again(front_desk, approved, asserted):
    document = approved.documents.get()
    typed = {"target": "B2000002", "reason": "Name", "confirmed": str(approved.pk)}
    answer = front_desk.post(reverse("document_move", args=[document.pk]), typed)
    assert answer.status_code == 200
    document.refresh_from_db()
    assert document.authorization_id == approved.pk


@pytest.mark.parametrize("text", ["", "nothing", "- -", "999999999999999999999", "²"])
def test_a_number_nobody_has_is_answered_in_words(text, front_desk, approved):
    assert requests_named(text, front_desk.user) == []
    url = reverse("document_move", args=[approved.documents.get().pk])
    answer = front_desk.post(url, {"target": text or "none", "reason": "Name"})
    assert "Search for the patient" in answer.content.decode()


def test_our_own_number_of_a_request_names_it_too(front_desk, approved):
    assert requests_named(f"request {approved.pk}", front_desk.user) == [approved]
    assert requests_named(str(approved.pk), front_desk.user) == [approved]


def test_a_request_of_another_facility_is_no_target(front_desk, approved, elsewhere, plan):
    theirs = make.CourseFactory(facility=elsewhere)
    request = make.PriorAuthorizationFactory(
        course=theirs, plan=plan, facility=elsewhere, number="C3"
    )
    assert requests_named("C3", front_desk.user) == []
    with pytest.raises(Refused, match="logs authorizations where"):
        move_document(
            document=approved.documents.get(), to=request, reason="Name", by=front_desk.user
        )


def test_the_same_file_is_there_already(front_desk, approved, asserted):
    document = approved.documents.get()
    make.DocumentFactory(authorization=asserted, sha256=document.sha256)
    with pytest.raises(Refused, match="same file is already"):
        move_document(document=document, to=asserted, reason="Name", by=front_desk.user)


def test_a_struck_document_is_neither_opened_nor_corrected(front_desk, approved):
    document = approved.documents.get()
    url = reverse("document_strike", args=[document.pk])
    without = front_desk.post(url, {"reason": ""})
    assert without.status_code == 200
    assert front_desk.post(url, {"reason": "Another's letter"}).status_code == 302
    for name in ("document_download", "document_correct", "document_move", "document_strike"):
        assert front_desk.get(reverse(name, args=[document.pk])).status_code == 404, name
    page = front_desk.get(reverse("authorization_detail", args=[approved.pk])).content.decode()
    assert "Another&#x27;s letter" in page
    back = reverse("document_restore", args=[document.pk])
    assert front_desk.post(back, {"reason": "A mistake"}).status_code == 302
    assert front_desk.get(reverse("document_download", args=[document.pk])).status_code == 200
    assert front_desk.get(back).status_code == 404


def test_a_struck_file_may_be_attached_again(front_desk, approved):
    document = approved.documents.get()
    strike_document(document=document, reason="Another's", by=front_desk.user)
    make.DocumentFactory(authorization=approved, sha256=document.sha256)
    with pytest.raises(Refused, match="attached again"):
        restore_document(document=document, reason="Mine", by=front_desk.user)


def test_twice_is_refused_and_a_reason_is_needed(front_desk, approved):
    document = approved.documents.get()
    with pytest.raises(Refused, match="how you know"):
        strike_document(document=document, reason=" ", by=front_desk.user)
    strike_document(document=document, reason="Another's", by=front_desk.user)
    with pytest.raises(Refused, match="meanwhile"):
        strike_document(document=document, reason="Another's", by=front_desk.user)


def test_the_database_wants_a_reason_for_what_is_struck(approved, coder):
    row = approved.documents.get()

    def strike(**values):
        return lambda: Document.objects.filter(pk=row.pk).update(**values)

    now = timezone.now()
    whose = {"struck_at": now, "struck_by": coder.user}
    assert refused(strike(**whose)) == "document_struck_with_reason"
    assert refused(strike(struck_reason="x")) == "document_struck_with_reason"
    assert refused(strike(struck_at=now, struck_reason="x")) == "document_struck_pair"


def test_the_page_warns_of_released_charges(front_desk, approved, course, treat, person):
    release(charge=treat(course)[0].charges.get(), by=person(Role.CODER))
    url = reverse("document_strike", args=[approved.documents.get().pk])
    assert "1 released charge holds units" in front_desk.get(url).content.decode()

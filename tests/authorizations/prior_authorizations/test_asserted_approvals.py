"""A letter or a page of the portal is evidence only with the document attached."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role, system_user
from authorizations.batches.actions import draw_batch
from authorizations.charges.actions import release
from authorizations.imports.department import import_department
from authorizations.imports.machine_channels import command_line_channel
from authorizations.models import Charge, Document, PriorAuthorization, Proof
from authorizations.prior_authorizations.decisions import LineAnswer, correct_answer
from authorizations.workflow import IllegalMove
from seeds.demo.letters import letter_as_pdf
from tests import factories as make

pytestmark = pytest.mark.django_db
PDF = letter_as_pdf("Approved")


@pytest.fixture(autouse=True)
def documents(settings, tmp_path):
    settings.DOCUMENT_ROOT = tmp_path


@pytest.fixture
def asked(course, authorize, treat) -> PriorAuthorization:
    """A request sent and not answered, whose course is being treated."""
    request = authorize(course)
    Document.objects.all().delete()
    PriorAuthorization.objects.filter(pk=request.pk).update(evidence="phone")
    treat(course, 2)
    request.refresh_from_db()
    assert set(rules()) == {"R48"}
    return request


def rules() -> list[str]:
    return list(Charge.objects.live().values_list("leading_rule", flat=True))


def form_of(request: PriorAuthorization, **given) -> dict[str, object]:
    data: dict[str, object] = {
        "number": "FAKE777",
        "decided_on": "2026-09-30",
        "evidence": "letter",
        "why": "Typed wrongly",
        **given,
    }
    for line in request.lines.all():
        data |= {
            f"line-{line.pk}-decision": "approved",
            f"line-{line.pk}-units_approved": 28,
            f"line-{line.pk}-valid_from": "2026-10-01",
            f"line-{line.pk}-valid_through": "2026-12-31",
        }
    return data


def correct(client, request, **given):
    url = reverse("authorization_correct", args=[request.pk])
    return client.post(url, form_of(request, **given), follow=True).content.decode()


def test_a_letter_that_is_typed_and_not_attached_feeds_no_claim(front_desk, asked, coder):
    """Security A6: six stops became releasable by typing “letter”."""
    page = correct(front_desk, asked)
    assert "Asserted, no document" in page
    assert set(rules()) == {"R48"}
    charge = Charge.objects.first()
    assert "asserted without a document" in charge.reviews.last().verdict
    with pytest.raises(IllegalMove):
        release(charge=charge, by=coder.user, reason="Please")
    assert "Asserted, no document" in front_desk.get(reverse("home")).content.decode()
    listed = front_desk.get(reverse("authorization_list"), {"queue": "asserted"})
    assert "FAKE777" in listed.content.decode()


@pytest.mark.parametrize(
    ("evidence", "kind"), [("letter", "approval_letter"), ("portal", "portal_proof")]
)
def test_attached_in_the_same_step_it_counts(front_desk, asked, evidence, kind):
    upload = SimpleUploadedFile("x.pdf", PDF)
    correct(front_desk, asked, evidence=evidence, document=upload)
    assert Document.objects.get().kind == kind
    assert "R48" not in rules()
    asked.refresh_from_db()
    assert asked.proof_here == evidence


def test_attached_later_it_counts_from_then_on(front_desk, asked):
    correct(front_desk, asked)
    given = {"kind": "denial_letter", "file": SimpleUploadedFile("x.pdf", letter_as_pdf("No"))}
    front_desk.post(reverse("document_new", args=[asked.pk]), given)
    assert set(rules()) == {"R48"}
    given = {"kind": "approval_letter", "file": SimpleUploadedFile("x.pdf", PDF)}
    front_desk.post(reverse("document_new", args=[asked.pk]), given)
    assert "R48" not in rules()
    assert asked.events.filter(verb="prove", by=front_desk.user).exists()


def test_an_unreadable_document_refuses_the_whole_step(front_desk, asked):
    page = correct(front_desk, asked, document=SimpleUploadedFile("x.pdf", b"%PDF-1.4 ok"))
    assert "cut off or holds no page" in page
    assert "The file is not kept: choose it again." in page
    asked.refresh_from_db()
    assert asked.number != "FAKE777"
    assert 'value="FAKE777"' in page


def test_the_form_begins_with_no_evidence_and_takes_no_document_by_telephone(front_desk, asked):
    assert "This field is required" in correct(front_desk, asked, evidence="")
    upload = SimpleUploadedFile("x.pdf", PDF)
    page = correct(front_desk, asked, evidence="phone", document=upload)
    assert "A document is attached" in page


def test_no_batch_takes_a_charge_whose_letter_is_gone(course, authorize, treat, person, coder):
    request = authorize(course)
    charges = [session.charges.get() for session in treat(course, 2)]
    for charge in charges:
        release(charge=charge, by=person(Role.CODER))
    Document.objects.filter(authorization=request).delete()
    drawn = draw_batch(facility=course.facility, payer=charges[0].plan.payer, by=coder.user)
    assert drawn is None
    page = coder.get(reverse("batch_list")).content.decode()
    assert "2 released charges rest on an approval asserted without a document" in page
    make.DocumentFactory(authorization=request)
    drawn = draw_batch(facility=course.facility, payer=charges[0].plan.payer, by=coder.user)
    assert drawn.units == 2


@pytest.mark.parametrize("is_channel", [True, False])
def test_a_spreadsheet_counts_only_when_a_machine_channel_brings_it(course, plan, is_channel):
    row = {
        "authorization_number": "A1",
        "mrn": course.patient.mrn,
        "course": course.code,
        "plan": plan.code,
        "facility": course.facility.code,
        "code": "77387",
        "modifier": "26",
        "units_requested": "10",
        "units_approved": "10",
        "valid_from": "2026-10-01",
        "valid_through": "2026-12-31",
        "status": "approved",
        "submitted_on": "2026-09-20",
        "decided_on": "2026-09-25",
        "urgency": "standard",
        "evidence": "letter",
        "notes": "",
    }
    text = f"{','.join(row)}\n{','.join(row.values())}\n"
    channel = command_line_channel() if is_channel else None
    report = import_department(
        {"authorizations.csv": text.encode()}, by=system_user(), channel=channel
    )
    assert not report.refused
    request = PriorAuthorization.objects.get()
    assert request.proof_here == (Proof.FILE if is_channel else Proof.ASSERTED)
    again = import_department(
        {"authorizations.csv": text.encode()}, by=system_user(), channel=channel
    )
    assert again.unchanged["authorizations.csv"] == 1


def test_what_a_person_types_over_a_channels_file_is_theirs(course, authorize, front_desk):
    request = authorize(course)
    Document.objects.all().delete()
    PriorAuthorization.objects.update(evidence_channel=command_line_channel())
    assert PriorAuthorization.objects.get().proof_here == Proof.FILE
    answers = [
        LineAnswer(line, "approved", 20, date(2026, 10, 1), date(2026, 12, 31))
        for line in request.lines.all()
    ]
    correct_answer(
        authorization=request, by=front_desk.user, why="20, not 28", number="A1000001",
        decided_on=date(2026, 9, 30), evidence="letter", answers=answers,
    )  # fmt: skip
    assert PriorAuthorization.objects.get().proof_here == Proof.ASSERTED

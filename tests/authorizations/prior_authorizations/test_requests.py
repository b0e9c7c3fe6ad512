"""The front desk's path: request, submit, call, decide, attach."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from authorizations.models import (
    AuthorizationEvent,
    Contact,
    Document,
    PriorAuthorization,
)
from seeds.demo.letters import letter_as_pdf

pytestmark = pytest.mark.django_db
PDF = letter_as_pdf("A letter")


@pytest.fixture
def asked(front_desk, course, books) -> PriorAuthorization:
    """A draft opened in the browser: delivery and guidance."""
    response = front_desk.post(reverse("authorization_new", args=[course.pk]), request_form(course))
    assert response.status_code == 302, response.context["form"].errors
    return PriorAuthorization.objects.get()


def request_form(course, **changes):
    return {
        "key": str(uuid.uuid4()),
        "line-TOTAL_FORMS": "4",
        "line-INITIAL_FORMS": "0",
        "line-0-code": "77407",
        "line-0-units_requested": "28",
        "line-1-code": "77387",
        "line-1-modifier": "26",
        "line-1-units_requested": "28",
        "plan": course.patient.coverages.get().plan.pk,
        "facility": course.facility.pk,
        "request_type": "initial",
        "urgency": "standard",
        **changes,
    }


def submit(client, request, **changes):
    data = {"channel": "portal", "received_on": "2026-09-28T12:00", "reference": "C9", **changes}
    return client.post(reverse("authorization_submit", args=[request.pk]), data)


def letter(request, **changes):
    data = {"number": "A77", "decided_on": "2026-09-30", "evidence": "letter", "reason": ""}
    for line in request.lines.all():
        data |= {
            f"line-{line.pk}-decision": "approved",
            f"line-{line.pk}-units_approved": "28",
            f"line-{line.pk}-valid_from": "2026-10-01",
            f"line-{line.pk}-valid_through": "2026-12-31",
        }
    return {**data, **changes}


def test_a_request_goes_from_draft_to_approved_with_units_right_at_once(front_desk, asked):
    assert [str(line) for line in asked.lines.all()] == ["77407", "77387-26"]
    submit(front_desk, asked)
    asked.refresh_from_db()
    assert asked.status == "submitted"
    assert asked.due_at is not None
    front_desk.post(reverse("authorization_decide", args=[asked.pk]), letter(asked))
    asked.refresh_from_db()
    assert asked.status == "approved"
    page = front_desk.get(reverse("authorization_detail", args=[asked.pk])).content.decode()
    assert "A77" in page
    assert "<strong>28</strong>" in page
    verbs = [event.verb for event in AuthorizationEvent.objects.order_by("id")]
    assert verbs == ["open", "submit", "approve"]


def test_the_page_counts_down_by_the_clock_that_applies(front_desk, asked):
    now = timezone.localtime(timezone=asked.facility.tz).strftime("%Y-%m-%dT%H:%M")
    submit(front_desk, asked, received_on=now)
    page = front_desk.get(reverse("authorization_detail", args=[asked.pk])).content.decode()
    assert "Answer due" in page
    assert "calendar days" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"number": ""}, "carries the payer&#x27;s authorization number"),
        ({"decided_on": "2036-01-01"}, "not dated in the future"),
        ({"decided_on": "2026-09-27"}, "dated before the payer had the request"),
        ({"evidence": "none"}, "Select a valid choice"),
    ],
)
def test_half_a_letter_is_refused_and_kept(front_desk, asked, changes, said):
    submit(front_desk, asked)
    response = front_desk.post(
        reverse("authorization_decide", args=[asked.pk]), letter(asked, **changes)
    )
    assert said in response.content.decode()
    asked.refresh_from_db()
    assert asked.status == "submitted"
    assert asked.lines.first().units_approved is None


def test_an_approved_line_without_dates_is_refused_at_the_line(front_desk, asked):
    submit(front_desk, asked)
    line = asked.lines.first()
    data = letter(asked, **{f"line-{line.pk}-valid_through": ""})
    response = front_desk.post(reverse("authorization_decide", args=[asked.pk]), data)
    assert "both dates of the letter" in response.content.decode()


def test_a_stale_letter_does_not_decide_twice(front_desk, asked):
    submit(front_desk, asked)
    url = reverse("authorization_decide", args=[asked.pk])
    data = letter(asked)
    assert front_desk.post(url, data).status_code == 302
    page = front_desk.post(url, {**data, "decided_on": "2026-10-02"}).content.decode()
    assert "wrote a decision down on" in page
    asked.refresh_from_db()
    assert str(asked.decided_on) == "2026-09-30"


def test_denied_guidance_beside_approved_delivery_is_partially_approved(front_desk, asked):
    submit(front_desk, asked)
    line = asked.lines.get(code="77387")
    data = letter(asked, **{f"line-{line.pk}-decision": "denied", "reason": "not needed"})
    front_desk.post(reverse("authorization_decide", args=[asked.pk]), data)
    asked.refresh_from_db()
    assert asked.status == "partially_approved"
    page = front_desk.get(reverse("authorization_detail", args=[asked.pk])).content.decode()
    assert "Appeal…" in page


def test_an_illegal_move_is_refused_with_the_reason(front_desk, asked):
    url = reverse("authorization_move", args=[asked.pk, "appeal"])
    page = front_desk.post(url, {"reason": "we disagree"}).content.decode()
    assert "is not possible from draft" in page
    assert AuthorizationEvent.objects.count() == 1


def test_a_move_that_needs_a_reason_says_so(front_desk, asked):
    url = reverse("authorization_move", args=[asked.pk, "withdraw"])
    assert "needs a reason" in front_desk.post(url, {"reason": " "}).content.decode()
    assert front_desk.post(url, {"reason": "treated elsewhere"}).status_code == 302
    asked.refresh_from_db()
    assert asked.status == "withdrawn"


def test_a_call_is_logged_once_with_its_next_touch(front_desk, asked):
    data = {
        "key": str(uuid.uuid4()),
        "channel": "phone",
        "person": "Jo",
        "reference": "R1",
        "summary": "Answer tomorrow.",
        "next_touch_on": "2026-12-01",
    }
    for _ in range(2):
        front_desk.post(reverse("contact_new", args=[asked.pk]), data)
    assert Contact.objects.count() == 1
    asked.refresh_from_db()
    assert str(asked.next_touch_on) == "2026-12-01"
    assert (
        "Answer tomorrow."
        in front_desk.get(reverse("authorization_detail", args=[asked.pk])).content.decode()
    )


def test_a_second_request_for_the_same_code_is_noticed(front_desk, asked, course):
    url = reverse("authorization_new", args=[course.pk])
    response = front_desk.post(url, request_form(course))
    assert "already has a request for the same code" in response.content.decode()
    on_purpose = request_form(course, is_second_on_purpose="on")
    assert front_desk.post(url, on_purpose).status_code == 302


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"line-0-code": "", "line-1-code": ""}, "at least one line"),
        ({"line-1-code": "77407", "line-1-modifier": ""}, "stands twice"),
        ({"line-0-code": "XXXXX"}, "not in our book"),
        ({"line-0-units_requested": "0"}, "greater than or equal to 1"),
        ({"urgency": "expedited"}, "Say why the request is expedited"),
    ],
)
def test_a_bad_request_is_refused_where_it_is_wrong(front_desk, course, books, changes, said):
    data = request_form(course, **changes)
    if changes.get("line-0-code") == "":
        data |= {f"line-{n}-units_requested": "" for n in (0, 1)} | {"line-1-modifier": ""}
    response = front_desk.post(reverse("authorization_new", args=[course.pk]), data)
    assert said in response.content.decode()
    assert PriorAuthorization.objects.count() == 0


@pytest.fixture
def documents(settings, tmp_path):
    settings.DOCUMENT_ROOT = tmp_path
    return tmp_path


def attach(client, request, content: bytes, kind: str = "approval_letter", name: str = "x.pdf"):
    upload = SimpleUploadedFile(name, content)
    return client.post(reverse("document_new", args=[request.pk]), {"kind": kind, "file": upload})


def test_a_letter_turns_a_telephone_approval_into_proof(front_desk, course, authorize, documents):
    request = authorize(course, evidence="phone")
    attach(front_desk, request, PDF)
    request.refresh_from_db()
    assert request.evidence == "letter"
    document = Document.objects.get()
    response = front_desk.get(reverse("document_download", args=[document.pk]))
    assert response.content == PDF
    assert "attachment" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"MZ\x90 a program", "no PDF, PNG, JPEG or TIFF"),
        (b"<html>", "no PDF, PNG, JPEG or TIFF"),
        (b"", "The submitted file is empty"),
        (b"%PDF-1.4 ok", "cut off or holds no page"),
        (PDF[:-40], "cut off or holds no page"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 100, "cut off or holds no page"),
        (b"\xff\xd8\xff" + b"0" * 200, "cut off or holds no page"),
        (b"II*\x00\xff\xff\xff\xff" + b"0" * 200, "cut off or holds no page"),
        (b"%PDF" + b"0" * (20 * 1024 * 1024), "20 MB; at most 10 MB"),
    ],
    ids=["program", "page", "empty", "11-bytes", "no-end", "png", "jpeg", "tiff", "20-megabytes"],
)
def test_a_bad_file_is_refused_in_words(front_desk, course, authorize, documents, content, said):
    response = attach(front_desk, authorize(course, evidence="phone"), content)
    assert said in response.content.decode()
    assert Document.objects.count() == 0


def test_the_same_file_is_attached_once(front_desk, course, authorize, documents):
    request = authorize(course)
    attach(front_desk, request, PDF)
    assert "already attached" in attach(front_desk, request, PDF).content.decode()


def test_the_evidence_packet_tells_the_clock_the_moves_and_the_hashes(
    front_desk, course, authorize, documents
):
    course.patient.coverages.update(effective_from=date(2026, 9, 1))
    request = authorize(course, evidence="phone")
    attach(front_desk, request, PDF)
    page = front_desk.get(reverse("authorization_packet", args=[request.pk])).content.decode()
    assert "15 calendar days, 29 CFR 2560.503-1" in page
    assert "in time" in page
    assert Document.objects.get().sha256 in page
    assert "<td>Approved</td>" in page
    assert "Has undertaken to honour (no law: an argument)" in page

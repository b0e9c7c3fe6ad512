"""The front desk's path: register, see what the payer asks, request, call, decide, attach."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from authorizations.models import (
    AuthorizationEvent,
    Contact,
    Course,
    Coverage,
    Document,
    Patient,
    PriorAuthorization,
)
from tests import factories as make

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 a letter"


@pytest.fixture
def books(plan, facility):
    """What the form looks things up in."""
    make.DiagnosisCodeFactory(code="C61", description="Malignant neoplasm of prostate")
    for code, kind in (("77407", "delivery"), ("77387", "guidance"), ("77385", "delivery")):
        row = make.ProcedureCodeFactory(code=code, kind=kind)
        is_old = code == "77385"
        make.CodeEditionFactory(
            code=row,
            standing="deleted" if is_old else "valid",
            replaced_by=["77407"] if is_old else [],
        )
    make.ModifierFactory(code="26")
    return make.ProviderFactory(name="Dr Beam")


@pytest.fixture
def filled(books, plan, facility):
    """A well-filled form."""
    first = timezone.localdate() + timedelta(days=10)
    return {
        "key": str(uuid.uuid4()),
        "mrn": "M1001",
        "last_name": "Example",
        "first_name": "Erin",
        "date_of_birth": "1950-05-05",
        "sex": "F",
        "plan": plan.code,
        "member_id": "W1234",
        "coverage_from": "2026-01-01",
        "coverage_through": "",
        "code": "CRS-1",
        "facility": facility.pk,
        "physician": books.pk,
        "diagnosis": "C61",
        "body_site": "prostate",
        "technique": "IMRT",
        "delivery_code": "77407",
        "guidance_modality": "cbct",
        "guidance_ordered_on": "2026-09-01",
        "fractions_planned": "28",
        "fractions_per_day": "1",
        "first_fraction_on": first.isoformat(),
    }


def register(client, filled, **changes):
    return client.post(reverse("course_new"), {**filled, **changes})


def test_registering_answers_at_once_what_the_payer_asks(front_desk, filled, plan):
    response = front_desk.post(reverse("course_new"), filled, follow=True)
    course = Course.objects.get(code="CRS-1")
    assert response.redirect_chain[-1][0] == reverse("course_detail", args=[course.pk]) + "?new=1"
    page = response.content.decode()
    assert "requires authorization for this course" in page
    policy = plan.authorizationpolicy_rows.get()
    assert policy.source in page
    assert "Asked now, answered by" in page


def test_a_double_click_registers_once(front_desk, filled):
    first = register(front_desk, filled)
    second = register(front_desk, filled)
    assert first["Location"] == second["Location"]
    assert Course.objects.count() == 1


def test_a_known_patient_is_found_by_mrn(front_desk, filled):
    register(front_desk, filled)
    register(front_desk, filled, key=str(uuid.uuid4()), code="CRS-2")
    assert Patient.objects.count() == 1
    assert Coverage.objects.count() == 1
    assert Course.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"last_name": "=HYPERLINK(1)"}, "last_name", "A name begins with a letter"),
        ({"last_name": "<script>"}, "last_name", "A name begins with a letter"),
        ({"mrn": "M 1"}, "mrn", "Letters, digits and hyphens only"),
        ({"date_of_birth": "2126-01-01"}, "date_of_birth", "lies in the past"),
        ({"date_of_birth": "1850-01-01"}, "date_of_birth", "at most 120 years"),
        ({"date_of_birth": "31.12.1950"}, "date_of_birth", "Enter a valid date"),
        ({"plan": "no such plan"}, "plan", "No plan “no such plan”"),
        ({"diagnosis": "Z99.99"}, "diagnosis", "No diagnosis “Z99.99”"),
        ({"delivery_code": "99999"}, "delivery_code", "not in our book"),
        ({"delivery_code": "77385"}, "delivery_code", "77385 is deleted"),
        ({"fractions_planned": "61"}, "fractions_planned", "less than or equal to 60"),
        ({"fractions_planned": "0"}, "fractions_planned", "greater than or equal to 1"),
        ({"first_fraction_on": "2036-01-01"}, "first_fraction_on", "more than a year away"),
        ({"coverage_through": "2025-01-01"}, "coverage_through", "ends before it begins"),
        ({"coverage_from": "2030-01-01"}, "coverage_from", "does not hold"),
        ({"member_id": "=1+1"}, "member_id", "Letters, digits and hyphens only"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_typed_is_lost(
    front_desk, filled, changes, field, said
):
    response = register(front_desk, filled, **changes)
    assert response.status_code == 200
    assert said in " ".join(response.context["form"].errors[field])
    assert 'value="Erin"' in response.content.decode()
    assert Course.objects.count() == 0
    assert Patient.objects.count() == 0


def test_an_mrn_of_somebody_else_is_refused_without_naming_them(front_desk, filled):
    make.PatientFactory(mrn="M1001", last_name="Hidden")
    response = register(front_desk, filled)
    assert "registered with another name" in str(response.context["form"].errors["mrn"])
    assert "Hidden" not in response.content.decode()


def test_a_second_primary_coverage_on_the_same_dates_is_refused(front_desk, filled):
    register(front_desk, filled)
    other = make.PlanFactory(code="OTHER-PLAN")
    response = register(front_desk, filled, key="", code="CRS-2", plan=other.code)
    assert "another primary coverage" in str(response.context["form"].errors["plan"])


def test_a_plan_and_a_diagnosis_are_found_by_a_word(front_desk, filled, plan):
    register(front_desk, filled, plan=plan.name, diagnosis="prostate")
    course = Course.objects.get()
    assert course.diagnosis == "C61"
    assert course.patient.coverages.get().plan == plan


def test_a_diagnosis_is_suggested_while_typing(front_desk, books):
    page = front_desk.get(reverse("diagnosis_search"), {"diagnosis": "prost"}).content.decode()
    assert '<option value="C61">' in page


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
    assert b"".join(response.streaming_content) == PDF
    assert "attachment" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"MZ\x90 a program", "no PDF, PNG, JPEG or TIFF"),
        (b"<html>", "no PDF, PNG, JPEG or TIFF"),
        (b"", "The submitted file is empty"),
        (b"%PDF" + b"0" * (20 * 1024 * 1024), "20 MB; at most 10 MB"),
    ],
    ids=["program", "page", "empty", "twenty-megabytes"],
)
def test_a_bad_file_is_refused_in_words(front_desk, course, authorize, documents, content, said):
    response = attach(front_desk, authorize(course), content)
    assert said in response.content.decode()
    assert Document.objects.count() == 0


def test_the_same_file_is_attached_once(front_desk, course, authorize, documents):
    request = authorize(course)
    attach(front_desk, request, PDF)
    assert "already attached" in attach(front_desk, request, PDF).content.decode()

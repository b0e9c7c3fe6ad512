"""The packet of a request on paper: what the books say, what is missing, the documents in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import Permission, has_permission
from accounts.web.text import shown_day
from authorizations.exceptions import Refused
from authorizations.exchange.pdf_pages import Attached, Section, joined, printed_pages
from authorizations.models import Coverage, Document, PriorAuthorization, RequestPacket
from authorizations.prior_authorizations.documents import content_of, store_content

NOT_ON_FILE = "not on file"
Rows = list[tuple[str, str]]


def sections_of(authorization: PriorAuthorization) -> list[Section]:
    """What the packet says of the request, from the books alone; nothing is guessed."""
    return [
        Section("Patient", patient_rows(authorization)),
        Section("From", facility_rows(authorization)),
        Section("Asked for", request_rows(authorization)),
    ]


def missing_facts(authorization: PriorAuthorization) -> list[str]:
    """What payers ask for and the books do not have, by name."""
    return [
        f"{section.heading}: {label.lower()}"
        for section in sections_of(authorization)
        for label, value in section.rows
        if value == NOT_ON_FILE
    ]


def patient_rows(authorization: PriorAuthorization) -> Rows:
    patient, coverage = authorization.course.patient, coverage_of(authorization)
    return [
        ("Name", f"{patient.last_name}, {patient.first_name}"),
        ("Date of birth", printed_day(patient.date_of_birth)),
        ("Sex", patient.get_sex_display()),
        ("Phone", patient.phone or NOT_ON_FILE),
        ("Plan", str(authorization.plan)),
        ("Member ID", coverage.member_id if coverage else NOT_ON_FILE),
        *([("Group number", coverage.group_number)] if coverage and coverage.group_number else []),
        *([("Subscriber", coverage.subscriber)] if coverage and coverage.subscriber else []),
    ]


def facility_rows(authorization: PriorAuthorization) -> Rows:
    facility, physician = authorization.facility, authorization.course.physician
    return [
        ("Facility", facility.name),
        ("Address", facility.address or NOT_ON_FILE),
        ("NPI of the facility", facility.npi or NOT_ON_FILE),
        ("Tax ID", facility.tax_id or NOT_ON_FILE),
        ("Phone", facility.phone or NOT_ON_FILE),
        ("Fax", facility.fax or NOT_ON_FILE),
        ("Place of service", facility.place_of_service),
        ("Physician", physician.name),
        ("NPI of the physician", physician.npi or NOT_ON_FILE),
    ]


def request_rows(authorization: PriorAuthorization) -> Rows:
    course = authorization.course
    why = f": {authorization.urgency_reason}" if authorization.urgency_reason else ""
    return [
        ("Our request", f"{authorization.pk}, {authorization.get_request_type_display().lower()}"),
        *([("Your case", authorization.reference)] if authorization.reference else []),
        *([("Your number", authorization.number)] if authorization.number else []),
        ("Urgency", f"{authorization.get_urgency_display()}{why}"),
        ("Diagnosis", course.diagnosis or NOT_ON_FILE),
        ("Site", course.body_site),
        ("Technique", course.get_technique_display()),
        ("Fractions", str(course.fractions_planned or NOT_ON_FILE)),
        ("First treatment", printed_day(course.first_fraction_on)),
        *((f"Code {line}", f"{line.units_requested} units") for line in authorization.lines.all()),
    ]


def coverage_of(authorization: PriorAuthorization) -> Coverage | None:
    """The patient's coverage by the plan that is asked, on the day of the first treatment."""
    on = authorization.course.expected_on(timezone.localdate())
    rows = Coverage.objects.in_force(on).filter(
        patient=authorization.course.patient_id, plan=authorization.plan_id
    )
    return rows.order_by("rank", "-effective_from").first()


def printed_day(value: date | None) -> str:
    return shown_day(value) if value else NOT_ON_FILE


@transaction.atomic
def make_packet(
    *,
    authorization: PriorAuthorization,
    recipient: str,
    words: str,
    documents: Sequence[Document],
    by: User,
) -> RequestPacket:
    """Print the request with its documents in this order, and keep it as it was printed.

    A document that cannot be joined is left out and named. Raises Refused without a recipient, for
    a document of another request or one that was struck, and for who logs nothing there.
    """
    if not has_permission(by, Permission.LOG_AUTHORIZATIONS, authorization.course.facility):
        raise Refused("Only who logs authorizations where the course is treated makes a packet.")
    if not recipient.strip():
        raise Refused("Say to whom the packet goes.")
    known = {document.pk for document in authorization.documents.select_for_update()}
    if any(document.pk not in known for document in documents):
        raise Refused("One of the documents is no longer with this request: open the page again.")
    now = timezone.now()
    content, left_out = print_packet(authorization, recipient, words, documents, now)
    reasons = dict(left_out)
    contents = [
        {"document": each.pk, "label": label, "left_out": reasons.get(label, "")}
        for each, label in zip(documents, labels_of(authorization, documents), strict=True)
    ]
    packet: RequestPacket = RequestPacket.objects.create(
        authorization=authorization,
        recipient=recipient.strip(),
        words=words.strip(),
        contents=contents,
        sha256=store_content(content),
        size=len(content),
        made_by=by,
    )
    return packet


def print_packet(
    authorization: PriorAuthorization,
    recipient: str,
    words: str,
    documents: Sequence[Document],
    now: datetime,
) -> tuple[bytes, list[tuple[str, str]]]:
    """The whole PDF, and what was left out of it."""
    patient, labels = authorization.course.patient, labels_of(authorization, documents)
    here = now.astimezone(authorization.facility.tz)
    foot = f"{patient.last_name}, {patient.first_name}, born {patient.date_of_birth:%-d %b %Y}"
    cover = Section("To", [("Recipient", recipient), ("Date", f"{here:%-d %b %Y}")], words)
    listed = Section("Enclosed", words="\n".join(labels) or "No document.")
    title = f"Request for authorization: {authorization.plan.insurer}"
    pages = printed_pages(title, foot, [cover, *sections_of(authorization), listed], here)
    files = [
        Attached(label, content_of(document), document.content_type)
        for label, document in zip(labels, documents, strict=True)
    ]
    return joined(pages, files, foot, here)


def labels_of(authorization: PriorAuthorization, documents: Sequence[Document]) -> list[str]:
    """1. Consultation, added 3 Oct 2026: the day at the facility."""
    zone = authorization.facility.tz
    return [
        f"{at}. {document.get_kind_display()}, added {document.added_at.astimezone(zone):%-d %b %Y}"
        for at, document in enumerate(documents, 1)
    ]

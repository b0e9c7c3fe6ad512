"""A batch's charges as rows of the export: what the biller needs to put each line on a claim."""

from __future__ import annotations

from collections.abc import Iterator

from authorizations.facts import approvals
from authorizations.models import Batch, Charge, Coverage
from payers.policies import in_force


def batch_rows(batch: Batch) -> Iterator[dict[str, object]]:
    """One row per charge of the batch, voided ones too, each with what proves it."""
    charges = list(
        batch.charges.select_related(
            "session__course__patient",
            "session__course__physician",
            "session__authorized_service__authorization",
            "session__facility",
            "plan__payer",
            "released_by",
        )
    )
    reviews = approvals(charge.session for charge in charges)
    members = member_ids(charges)
    for charge in charges:
        yield {
            **claim_columns(charge, members),
            **authorization_columns(charge),
            **evidence_columns(charge, reviews.get(charge.session_id)),
            "release_batch": batch.number,
        }


def member_ids(charges: list[Charge]) -> dict[tuple[int, int], list[Coverage]]:
    """Coverages by patient and plan."""
    rows = Coverage.objects.filter(patient__in={c.session.course.patient_id for c in charges})
    grouped: dict[tuple[int, int], list[Coverage]] = {}
    for row in rows:
        grouped.setdefault((row.patient_id, row.plan_id), []).append(row)
    return grouped


def claim_columns(charge: Charge, members) -> dict[str, object]:
    course = charge.session.course
    coverages = members.get((course.patient_id, charge.plan_id), ())
    member = next((c.member_id for c in coverages if in_force(c, charge.date_of_service)), "")
    return {
        "session_uid": charge.pk,
        "course_uid": course.code,
        "mrn": course.patient.mrn,
        "payer": charge.plan.payer.name,
        "plan": charge.plan.code,
        "member_id": member,
        "line_of_business": charge.plan.line_of_business,
        "date_of_service": charge.date_of_service.isoformat(),
        "code": charge.code,
        "modifier": " ".join(charge.modifiers),
        "units": charge.units,
        "amount": charge.amount,
        "place_of_service": charge.place_of_service,
        "facility_npi": charge.session.facility.npi,
        "ordering_npi": course.physician.npi,
        "dx1": course.diagnosis,
        "coder": charge.released_by.username if charge.released_by else "",
        "warnings": warnings(charge),
    }


def warnings(charge: Charge) -> str:
    if charge.status == "void":
        return "void"
    return charge.leading_rule if charge.disposition != "pass" else ""


def authorization_columns(charge: Charge) -> dict[str, object]:
    line = charge.session.authorized_service
    if line is None:
        return {}
    return {
        "auth_number": line.authorization.number,
        "auth_status": line.authorization.status,
        "auth_valid_from": line.valid_from.isoformat(),
        "auth_valid_through": line.valid_through.isoformat(),
        "auth_units_remaining": line.units_remaining,
    }


def evidence_columns(charge: Charge, review) -> dict[str, object]:
    modalities = "+".join(charge.session.modalities)
    if review is None:
        return {"image_modality": modalities}
    zone = charge.session.facility.tz
    return {
        "image_modality": modalities,
        "rendering_npi": review.reviewed_by.npi,
        "reviewed_by": review.reviewed_by.name,
        "reviewed_at": review.reviewed_at.astimezone(zone).isoformat(timespec="minutes"),
    }

"""A batch's charges as rows of the export: what the biller needs to put each line on a claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.db import models

from authorizations.models import Batch, Charge, Coverage, Disposition
from authorizations.verdicts.image_reviews import approvals
from payers.models import Plan
from payers.policies.lookup import in_force

RELATED = (
    "session__course__patient",
    "session__course__physician",
    "session__authorized_service__authorization",
    "session__facility",
    "plan__payer",
    "plan__issuer",
    "released_by",
    "replaces__batch",
    "batch",
)


class Action(models.TextChoices):
    """What the biller does with a line of a batch."""

    NEW = "new", "Bill it"
    REPLACE = "replace", "Bill it in place of an earlier line"
    VOID = "void", "Take the earlier line back"


def batch_export_rows(
    charges: list[Charge], number: int, voided: Iterable[Charge] = ()
) -> Iterator[dict[str, object]]:
    """One row per charge with what proves it; then one for each line that is taken back."""
    taken_back = {charge.pk for charge in voided}
    numbers = [charge.pk for charge in charges] + sorted(taken_back)
    found = {c.pk: c for c in Charge.objects.filter(pk__in=numbers).select_related(*RELATED)}
    reviews = approvals(charge.session for charge in found.values())
    members = member_ids(list(found.values()))
    for pk in numbers:
        charge = found[pk]
        row = {
            **claim_columns(charge, members),
            **authorization_columns(charge),
            **evidence_columns(charge, reviews.get(charge.session_id)),
            "release_batch": number,
        }
        yield {**row, **withdrawal(charge)} if pk in taken_back else row


def withdrawal(charge: Charge) -> dict[str, object]:
    """A line of an earlier batch that is taken back: no units and no dollars."""
    return {
        "action": Action.VOID.value,
        "replaces_charge_uid": charge.pk,
        "replaces_batch": charge.batch.number,
        "units": 0,
        "amount": Decimal("0.00"),
        "warnings": "",
    }


def action_columns(charge: Charge) -> dict[str, object]:
    """What to do with the line, its own number, and the line it replaces."""
    columns: dict[str, object] = {
        "action": Action.NEW.value,
        "charge_uid": charge.pk,
        "session_uid": charge.session_id,
    }
    earlier = charge.replaces
    if earlier and earlier.batch and is_same_insurer(earlier.batch, charge.plan):
        columns["action"] = Action.REPLACE.value
        columns |= {"replaces_charge_uid": earlier.pk, "replaces_batch": earlier.batch.number}
    return columns


def is_same_insurer(batch: Batch, plan: Plan | None) -> bool:
    """Whether the claims of the batch and of the plan go to the same payer, as far as is known."""
    if plan is None:
        return False
    issuers = {batch.issuer_id, plan.issuer_id} - {None}
    return batch.payer_id == plan.payer_id and len(issuers) < 2


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
        **action_columns(charge),
        "course_uid": course.code,
        "mrn": course.patient.mrn,
        "payer": charge.plan.payer.name,
        **issuer_columns(charge.plan),
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


def issuer_columns(plan: Plan | None) -> dict[str, object]:
    """The company that takes the claim, where it is known, and its payer ID."""
    issuer = plan.issuer if plan else None
    return {"issuer": issuer.name, "payer_id": issuer.electronic_payer_id} if issuer else {}


def warnings(charge: Charge) -> str:
    """The leading finding that the line went out with, where there is one."""
    return charge.leading_rule if charge.disposition != Disposition.PASS else ""


def authorization_columns(charge: Charge) -> dict[str, object]:
    line = charge.session.authorized_service
    if line is None:
        return {}
    return {
        "auth_number": line.authorization.number,
        "auth_status": line.authorization.status,
        "auth_valid_from": line.valid_from.isoformat() if line.valid_from else "",
        "auth_valid_through": line.last_day.isoformat() if line.last_day else "",
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

"""What is billed: the charge, the unit of an authorization it rests on, the batch it left in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse

from accounts.web.text import shown_day
from authorizations.charges.evidence.links import MISSING, NOT_NEEDED, WEAK, EvidenceItem, with_gap
from authorizations.models import (
    AuthorizedService,
    Charge,
    ChargeStatus,
    CodingReview,
    PriorAuthorization,
    Proof,
)
from coding.rules.serialize import findings_from_json

if TYPE_CHECKING:
    from authorizations.charges.evidence import EvidenceChain


def charge_link(chain: EvidenceChain) -> EvidenceItem:
    charge = chain.charge
    if charge is None:
        missing = "No charge was captured."
        acts = "A coder captures it." if chain.session.modalities else "Nobody: there is no image."
        return EvidenceItem("Charge", MISSING, missing=missing, acts=acts)
    href = reverse("charge_detail", args=[charge.pk]) if chain.may_open_charges else ""
    judged = chain.judgement
    units = f"{charge.units} unit{'s' * (charge.units != 1)}"
    link = EvidenceItem(
        "Charge",
        what=", ".join((charge.line, units, charge_amount(charge))),
        who=str(charge.released_by or ""),
        when=chain.clock(charge.released_at) if charge.released_at else None,
        reference=f"judged by {judged.rulebook_version}" if judged else "",
        label=charge.get_status_display(),
        href=href,
        facts=tuple(charge_evidence_facts(charge, judged)),
    )
    if charge.status == ChargeStatus.RELEASED:
        return link
    missing, acts = why_not_released(charge, judged)
    is_decided = charge.status == ChargeStatus.NOT_BILLABLE or is_left_unbilled(charge)
    return with_gap(link, NOT_NEEDED if is_decided else MISSING, missing, acts)


def is_left_unbilled(charge: Charge) -> bool:
    """Whether a coder decided that nothing takes the place of this void charge."""
    is_void = charge.status == ChargeStatus.VOID
    return is_void and charge.events.filter(verb="leave_unbilled").exists()


def charge_evidence_facts(charge: Charge, judged: CodingReview | None) -> Iterator[tuple[str, str]]:
    yield "Payer", charge.plan.insurer if charge.plan else "no coverage that day"
    if judged:
        yield "Verdict", charge.get_disposition_display()
    if charge.overridden_at:
        people = f"{charge.override_proposed_by}, confirmed by {charge.overridden_by}"
        alone = " (one person alone)" if charge.is_override_alone else ""
        yield "Stop overridden", f"{people}{alone}: {charge.override_reason}"


def why_not_released(charge: Charge, judged: CodingReview | None) -> tuple[str, str]:
    """What stands between this charge and its release, and who can move it."""
    if charge.status == ChargeStatus.READY:
        return "Clean, not released yet.", "A coder releases it."
    if is_left_unbilled(charge):
        return "Void, and left unbilled by a coder's decision.", "Nobody."
    if charge.status == ChargeStatus.VOID:
        acts = "A coder captures it anew on the page of the charge, or leaves it unbilled."
        return "Void, and nothing took its place.", acts
    if charge.status == ChargeStatus.NOT_BILLABLE:
        return "Written off as not billable.", "Nobody."
    if charge.hold_reason:
        return f"Held by hand: {charge.hold_reason}", "A coder decides."
    findings = findings_from_json(judged.verdict) if judged else ()
    sentence = findings[0].sentence if findings else "Not judged yet."
    return sentence, "A coder has mended what the rulebook names, or a manager overrides."


def authorization_item(chain: EvidenceChain) -> EvidenceItem:
    line = chain.session.authorized_service
    if line is None:
        return without_unit(chain)
    request = line.authorization
    link = EvidenceItem(
        "Authorization unit",
        what=f"One unit of {line}, {line.units_used} of {line.units_approved or 0} held",
        who=request.plan.insurer,
        when=request.decided_on,
        reference=f"Number {request.number}" if request.number else "",
        href=reverse("authorization_detail", args=[request.pk]),
        facts=(
            ("Valid", dates_of(line)),
            ("Proved by", proved_by(request, chain.proof)),
        ),
    )
    if not line.is_in_force(chain.session.date_of_service):
        missing = f"{line} is not approved for that day: {line.get_decision_display().lower()}."
        acts = "A coder voids the charge, or the front desk mends the decision."
        return with_gap(link, WEAK, missing, acts)
    if chain.proof not in (Proof.LETTER, Proof.PORTAL, Proof.FILE):
        acts = "The front desk attaches the letter or a portal proof."
        return with_gap(link, WEAK, "No letter or portal proof is on file.", acts)
    return link


def dates_of(line: AuthorizedService) -> str:
    """The days on which the line allows a treatment."""
    if line.valid_from is None or line.last_day is None:
        return "on no day"
    return f"{shown_day(line.valid_from)} to {shown_day(line.last_day)}"


def proved_by(request: PriorAuthorization, proof: Proof) -> str:
    """What proves the decision, and which machine channel brought it."""
    return f"{proof.label} “{request.evidence_channel}”" if proof == Proof.FILE else proof.label


def without_unit(chain: EvidenceChain) -> EvidenceItem:
    """No unit: not required that day, or the front desk must get one."""
    title, href = "Authorization unit", reverse("course_detail", args=[chain.course.pk])
    if chain.charge is not None and chain.charge.status == ChargeStatus.NOT_BILLABLE:
        return EvidenceItem(
            title, NOT_NEEDED, what="Written off: its unit was given back.", href=href
        )
    facts = json.loads(chain.judgement.facts) if chain.judgement else {}
    required = (facts.get("authorization") or {}).get("is_required")
    if required is False:
        return EvidenceItem(
            title, NOT_NEEDED, what="The plan asks for none on that day.", href=href
        )
    if not chain.session.modalities:
        return EvidenceItem(title, NOT_NEEDED, what="Without an image no unit is used.", href=href)
    unknown = "" if required else " Whether the plan requires one that day is not known."
    missing = f"This session holds no unit of an authorization.{unknown}"
    acts = "The front desk asks the payer for units that cover the day."
    return EvidenceItem(title, MISSING, missing=missing, acts=acts, href=href)


def batch(chain: EvidenceChain) -> EvidenceItem:
    charge = chain.charge
    if charge is None or charge.batch is None:
        is_out = charge is not None and charge.status == ChargeStatus.RELEASED
        if charge is not None and charge.status == ChargeStatus.NOT_BILLABLE:
            return EvidenceItem("Batch", NOT_NEEDED, what="Nothing is billed.")
        missing = "Released, in no batch yet." if is_out else "Nothing was released to draw."
        acts = "A coder draws the next batch." if is_out else "Follows the release."
        return EvidenceItem("Batch", MISSING, missing=missing, acts=acts)
    drawn = charge.batch
    href = reverse("batch_detail", args=[drawn.pk]) if chain.may_open_charges else ""
    return EvidenceItem("Batch", what=str(drawn), who=str(drawn.created_by),
                when=chain.clock(drawn.created_at), href=href,
                reference=f"{drawn.units} units, ${drawn.amount:,}")  # fmt: skip


def charge_amount(charge: Charge) -> str:
    return "amount not known" if charge.amount is None else f"${charge.amount:,}"

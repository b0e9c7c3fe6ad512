"""What happened at the machine: the order, the image, its review, the session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from authorizations.charges.evidence.links import (
    MISSING,
    NOT_NEEDED,
    WEAK,
    EvidenceItem,
    by,
    record,
    with_gap,
)
from authorizations.charges.image_timeline import is_image_late, verdict
from authorizations.web.modality_labels import modality_label

if TYPE_CHECKING:
    from authorizations.charges.evidence import EvidenceChain


def order(chain: EvidenceChain) -> EvidenceItem:
    course, physician = chain.course, chain.course.physician
    ordered = course.guidance_ordered_on
    title, href = "Order", reverse("course_detail", args=[course.pk])
    if ordered is None:
        missing = "No order for image guidance is on file."
        acts = f"{physician} orders it; the front desk writes down the day."
        return EvidenceItem(title, MISSING, missing=missing, acts=acts, href=href)
    facts = (("Technique", course.get_technique_display()), ("Diagnosis", course.diagnosis))
    link = EvidenceItem(title, what="Image guidance ordered", who=by(physician),
                        when=ordered, facts=facts, href=href,
                        reference=f"Course {course.code}")  # fmt: skip
    if ordered > chain.session.date_of_service:
        missing, acts = "The order is younger than the treatment.", f"{physician} explains."
        return with_gap(link, WEAK, missing, acts, label="Too late")
    return link


def image(chain: EvidenceChain) -> EvidenceItem:
    session = chain.session
    title, href = "Image", reverse("session_detail", args=[session.pk])
    therapist = str(session.therapist or "A therapist")
    if not session.modalities or session.image_at is None:
        missing = "No image is recorded." if not session.modalities else "Its time is not recorded."
        acts = f"{therapist} corrects the session, if one was taken."
        return EvidenceItem(title, MISSING, missing=missing, acts=acts, href=href)
    shifts = (session.shift_lr_mm, session.shift_si_mm, session.shift_ap_mm)
    facts = (
        ("Machine", session.machine),
        ("Shifts LR / SI / AP", " / ".join(map(str, shifts)) + " mm" if session.has_shifts else ""),
    )
    link = EvidenceItem(title, what=modality_label("+".join(session.modalities)), facts=facts,
                who=str(session.therapist or ""), when=chain.clock(session.image_at),
                reference=record(session), href=href)  # fmt: skip
    if not session.has_shifts:
        acts = f"{therapist} corrects the session with the shifts."
        return with_gap(link, MISSING, "The shifts are not recorded.", acts)
    if is_image_late(session):
        missing = f"Taken after the treatment began, {chain.clock(session.started_at)}."
        acts = f"{therapist} corrects the wrong clock; a coder holds the charge until then."
        return with_gap(link, WEAK, missing, acts, label="After the beam")
    return link


def review(chain: EvidenceChain) -> EvidenceItem:
    session, approval = chain.session, chain.approval
    title, href = "Image review", reverse("session_detail", args=[session.pk])
    words, tone = verdict(session, approval, chain.following)
    if not session.modalities:
        return EvidenceItem(title, NOT_NEEDED, what="There is no image to review.", href=href)
    if approval is None:
        acts = f"{chain.course.physician} reviews the images."
        missing = words + unanswered(chain)
        return EvidenceItem(title, MISSING, missing=missing, acts=acts, href=href)
    carried = approval.carrier(chain.zone)
    link = EvidenceItem(title, what="Images and shifts approved", who=by(approval.reviewed_by),
                when=chain.clock(approval.reviewed_at), reference=words, href=href,
                facts=(("How it came", carried),) if carried else ())  # fmt: skip
    if tone == "bad":
        is_early = approval.reviewed_at < (session.image_at or session.started_at)
        acts = "A coder marks it not billable, or a manager overrides with the paper in hand."
        label = "Before the image" if is_early else "Too late"
        return with_gap(link, MISSING, words, acts, reference="", label=label)
    return link


def unanswered(chain: EvidenceChain) -> str:
    """What there is instead of an approval: a report that nobody confirmed, a rejection."""
    if any(review.decision == "rejected" for review in chain.reviews):
        return " They were rejected."
    if chain.report is None:
        return ""
    when = chain.clock(chain.report.reviewed_at)
    carried = chain.report.carrier(chain.zone)
    return f" An approval of {when} is {carried}; {chain.report.reviewed_by} has not confirmed it."


def session_link(chain: EvidenceChain) -> EvidenceItem:
    session = chain.session
    link = EvidenceItem(
        "Session",
        what=f"Fraction {session.fraction}, {session.delivery_code}",
        who=str(session.recorded_by),
        when=chain.clock(session.started_at),
        reference=record(session),
        href=reverse("session_detail", args=[session.pk]),
        facts=(("Facility", str(session.facility)), ("Corrected", times(chain.corrections))),
    )
    if session.voided_at:
        acts = "A therapist records it again, if it was given."
        return with_gap(link, MISSING, f"Taken back: {session.void_reason}", acts)
    if not session.is_delivered:
        acts = "Nobody: without treatment there is nothing to bill."
        return with_gap(link, MISSING, "Treatment was not delivered.", acts)
    return link


def times(count: int) -> str:
    return {0: "", 1: "once"}.get(count, f"{count} times")

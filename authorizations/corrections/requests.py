"""Putting a request right while no line of it is decided: its lines, plan, type and urgency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.roles import Permission, has_permission
from authorizations.corrections.actions import after_submission, as_words, save_valid
from authorizations.exceptions import Refused
from authorizations.models import (
    AuthorizationStatus,
    AuthorizedService,
    CorrectedRecord,
    LineDecision,
    PriorAuthorization,
    RecordCorrection,
)
from authorizations.prior_authorizations.actions import same_request
from authorizations.prior_authorizations.decisions import lock
from authorizations.verdicts.judge_course import judge_course
from payers.models import Plan

Status = AuthorizationStatus
UNDECIDED = (Status.DRAFT, Status.SUBMITTED, Status.PENDED)
FIELDS = ("plan", "facility", "request_type", "supersedes", "urgency", "urgency_reason", "note")
LABELS = {
    "plan": "Plan",
    "facility": "Facility",
    "request_type": "Request type",
    "supersedes": "Follows",
    "urgency": "Urgency",
    "urgency_reason": "Urgency reason",
    "note": "Note",
}
LINES = "Lines"
Line = Mapping[str, Any]


@transaction.atomic
def correct_request(
    *,
    authorization: PriorAuthorization,
    values: Mapping[str, Any],
    lines: Sequence[Line],
    reason: str,
    by: User,
    is_second_on_purpose: bool = False,
) -> RecordCorrection | None:
    """Give a request the values and lines it should have; None where nothing differs.

    What was sent needs a reason; its clock is counted again, and the course judged. A draft may
    change freely. Raises Refused.
    """
    fresh = lock(authorization)
    is_draft = fresh.status == Status.DRAFT
    refusal = (
        why_not_by(fresh, by, reason)
        or why_not_corrected(fresh)
        or why_lines_forbid(fresh, lines, is_second_on_purpose)
        or why_values_forbid(fresh, values)
    )
    if refusal:
        raise Refused(refusal)
    changes = write_request(fresh, values, lines)
    if not changes:
        return None
    after_submission(fresh, {}, reason, by)
    if not is_draft:
        judge_course(fresh.course, by=by, cause="A request was corrected.")
    return RecordCorrection.objects.create(
        record=CorrectedRecord.REQUEST,
        row=fresh.pk,
        patient=fresh.course.patient,
        course=fresh.course,
        changes=changes,
        reason=reason.strip()[:200] or "Changed before it was sent",
        by=by,
    )


def write_request(
    authorization: PriorAuthorization, values: Mapping[str, Any], lines: Sequence[Line]
) -> list[list[str]]:
    """Write its values and lines; what changed: the label, before and after. Raises Refused."""
    before = request_in_words(authorization)
    for name in FIELDS:
        setattr(authorization, name, values[name])
    save_valid(authorization, list(FIELDS))
    write_lines(authorization, lines)
    after = request_in_words(authorization)
    return [[name, was, after[name]] for name, was in before.items() if after[name] != was]


def why_not_by(authorization: PriorAuthorization, by: User, reason: str) -> str:
    """Why this person does not correct it, or not without a reason."""
    if not has_permission(by, Permission.LOG_AUTHORIZATIONS, authorization.course.facility):
        return "Only who logs authorizations where the course is treated corrects a request."
    is_silent = authorization.status != Status.DRAFT and not reason.strip()
    return "Say what was wrong: it stands beside the correction." if is_silent else ""


def why_not_corrected(authorization: PriorAuthorization) -> str:
    """Why its lines cannot be changed any more, in words; nothing where they can."""
    if authorization.status not in UNDECIDED:
        return (
            f"The request is {authorization.get_status_display().lower()}: correct the decision, "
            "undo the latest move, or ask anew."
        )
    if authorization.lines.exclude(decision=LineDecision.REQUESTED).exists():
        return "The payer has decided a line of it: correct the decision instead."
    return ""


def why_lines_forbid(
    authorization: PriorAuthorization, lines: Sequence[Line], is_second_on_purpose: bool
) -> str:
    """Why these cannot be its lines."""
    if not lines:
        return "A request has at least one line: a code and its units."
    keys = {(line["code"], line["modifier"]) for line in lines}
    if len(keys) < len(lines):
        return "The same code and modifier stands twice: add up its units."
    twin = (
        None if is_second_on_purpose else same_request(authorization.course, lines, authorization)
    )
    if twin:
        return (
            f"{twin} of this course asks for the same code. Open that one, or say it is on purpose."
        )
    return ""


def why_values_forbid(authorization: PriorAuthorization, values: Mapping[str, Any]) -> str:
    """Why these cannot be its values: another patient's plan, a request that follows itself."""
    patient, followed = authorization.course.patient_id, values["supersedes"]
    plans = Plan.objects.filter(coverages__patient=patient, pk=values["plan"].pk)
    if values["plan"].pk != authorization.plan_id and not plans.exists():
        return "The patient has no coverage of this plan: register it first."
    if followed and followed.course_id != authorization.course_id:
        return "A request follows one of the same course."
    while followed:
        if followed.pk == authorization.pk:
            return "A request does not follow itself, nor one that follows it."
        followed = followed.supersedes
    return ""


def write_lines(authorization: PriorAuthorization, lines: Sequence[Line]) -> None:
    """The lines as asked for: units are changed, lines that are gone go, new ones come."""
    wanted = {(line["code"], line["modifier"]): line["units_requested"] for line in lines}
    for line in authorization.lines.all():
        units = wanted.pop((line.code, line.modifier), None)
        if units is None:
            line.delete()
        elif units != line.units_requested:
            line.units_requested = units
            line.save(update_fields=["units_requested"])
    AuthorizedService.objects.bulk_create(
        AuthorizedService(
            authorization=authorization, code=code, modifier=modifier, units_requested=units
        )
        for (code, modifier), units in wanted.items()
    )


def request_in_words(authorization: PriorAuthorization) -> dict[str, str]:
    """Its values and lines as people read them."""
    found = {label: as_words(authorization, name) for name, label in LABELS.items()}
    lines = authorization.lines.order_by("code", "modifier")
    return {**found, LINES: ", ".join(f"{line} × {line.units_requested}" for line in lines)}

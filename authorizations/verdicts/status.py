"""What stands behind a treatment: the payer's permission that day, and what the rulebook said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import prefetch_related_objects
from django.urls import reverse

from authorizations.models import (
    TAKEN_BACK,
    WAITING,
    AuthorizationStatus,
    AuthorizedService,
    Charge,
    ChargeStatus,
    CodingReview,
    Course,
    Coverage,
    Disposition,
    GuidanceSession,
    LineDecision,
)
from coding.rules import Finding, Severity
from coding.rules.facts import GUIDANCE
from coding.rules.serialize import findings_from_json
from payers.models import Plan
from payers.policies.lookup import PolicyBook
from payers.policies.scope import Service

FEW_UNITS = 3


@dataclass(frozen=True)
class AuthorizationOnDay:
    """The authorization of guidance on a day in one word, and the units left under it."""

    label: str
    tone: str
    units_left: int | None = None
    authorization_id: int | None = None


def authorizations_on(courses: Iterable[Course], on: date) -> dict[int, AuthorizationOnDay]:
    """How each course stands with its payer that day, in a fixed number of queries."""
    courses = list(courses)
    prefetch_related_objects(courses, "facility")
    lines = guidance_lines(courses)
    plans = plans_on({course.patient_id for course in courses}, on)
    policies = PolicyBook()
    return {
        course.pk: authorization_on_day(
            lines[course.pk], plans.get(course.patient_id), on, policies, course.guidance_on(on)
        )
        for course in courses
    }


def guidance_lines(courses: Iterable[Course]) -> dict[int, list[AuthorizedService]]:
    """The guidance lines of each course, the newest window first."""
    found: dict[int, list[AuthorizedService]] = defaultdict(list)
    rows = (
        AuthorizedService.objects.filter(authorization__course__in=courses, code=GUIDANCE)
        .select_related("authorization")
        .order_by("-valid_from", "-id")
    )
    for line in rows:
        found[line.authorization.course_id].append(line)
    return found


def plans_on(patients: set[int], on: date) -> dict[int, Plan]:
    """The primary plan of each patient that day."""
    rows = Coverage.objects.in_force(on).filter(patient__in=patients, rank=Coverage.Rank.PRIMARY)
    return {row.patient_id: row.plan for row in rows.select_related("plan__payer")}


def authorization_on_day(
    lines: list[AuthorizedService],
    plan: Plan | None,
    on: date,
    policies: PolicyBook,
    guidance: Service,
) -> AuthorizationOnDay:
    """The best answer that holds that day; where there is none, why there is none."""
    if plan is None:
        return AuthorizationOnDay("No coverage", "bad")
    mine = [line for line in lines if line.authorization.plan_id == plan.pk]
    granted = [line for line in mine if line.is_granted]
    if granted:
        return granted_on_day(granted, on)
    for line in mine:
        if line.authorization.status in WAITING:
            return waiting_on_day(line)
    denied = [line for line in mine if is_denied(line)]
    if denied:
        return AuthorizationOnDay("Denied", "bad", authorization_id=denied[0].authorization_id)
    return nothing_asked(policies.is_required(plan, on, guidance))


def is_denied(line: AuthorizedService) -> bool:
    """Whether the payer denied this line, and the request was not taken back since."""
    is_over = line.authorization.status in TAKEN_BACK
    return line.decision == LineDecision.DENIED and not is_over


def granted_on_day(lines: list[AuthorizedService], on: date) -> AuthorizationOnDay:
    """Approved and with units left; or used up, over, or not begun."""
    covering = [line for line in lines if line.is_in_force(on)]
    if not covering:
        is_over = lines[0].last_day < on
        label = "Expired" if is_over else "Not yet valid"
        return AuthorizationOnDay(label, "bad", authorization_id=lines[0].authorization_id)
    left = sum(line.units_remaining for line in covering)
    if not left:
        return AuthorizationOnDay("Used up", "bad", 0, covering[0].authorization_id)
    first = covering[0].authorization
    if first.status == AuthorizationStatus.DEEMED_APPROVED:
        return AuthorizationOnDay("Deemed approved", "warn", left, first.pk)
    tone = "warn" if left <= FEW_UNITS else "good"
    return AuthorizationOnDay("Approved", tone, left, first.pk)


def waiting_on_day(line: AuthorizedService) -> AuthorizationOnDay:
    label = line.authorization.get_status_display()
    return AuthorizationOnDay(label, "warn", authorization_id=line.authorization_id)


def nothing_asked(is_required: bool | None) -> AuthorizationOnDay:
    if is_required is None:
        return AuthorizationOnDay("Not known", "warn")
    return (
        AuthorizationOnDay("Not asked", "bad")
        if is_required
        else AuthorizationOnDay("Not required", "neutral")
    )


@dataclass(frozen=True)
class SessionVerdict:
    """What became of a session's charge: one word, the leading rule and its sentence.

    Where nothing but the physician's approval is missing, the charge waits for it: nobody at the
    machine or the desk has anything to do.
    """

    charge: Charge | None
    label: str
    tone: str
    sentence: str = ""
    waits_for_review: bool = False


TONES = Disposition.tones()
STATUS_TONES = ChargeStatus.tones()
SETTLED = (ChargeStatus.RELEASED, ChargeStatus.NOT_BILLABLE)
NOT_APPROVED = "R42"
HOLDING = (Severity.STOP, Severity.HOLD)


def session_verdicts(sessions: Iterable[GuidanceSession]) -> dict[int, SessionVerdict]:
    """The verdict of each session's live charge as last judged, in two queries."""
    sessions = list(sessions)
    charges = {c.session_id: c for c in Charge.objects.live().filter(session__in=sessions)}
    findings = findings_as_last_judged(charges.values())
    return {s.pk: session_verdict(charges.get(s.pk), findings) for s in sessions}


def session_verdict(charge: Charge | None, found: dict[int, list[Finding]]) -> SessionVerdict:
    if charge is None:
        return SessionVerdict(None, "No charge", "neutral")
    if charge.status in SETTLED:
        tone = ChargeStatus(charge.status).tone
        return SessionVerdict(charge, charge.get_status_display(), tone)
    findings = found.get(charge.pk, [])
    holding = [finding for finding in findings if finding.severity in HOLDING]
    is_stopped = charge.disposition == Disposition.STOP
    if is_stopped and [finding.number for finding in holding] == [NOT_APPROVED]:
        return SessionVerdict(charge, "Waits", "neutral", holding[0].sentence, True)
    label = charge.get_disposition_display() or charge.get_status_display()
    tone = TONES.get(charge.disposition, "neutral")
    sentence = findings[0].sentence if findings else ""
    return SessionVerdict(charge, label, tone, sentence)


def findings_as_last_judged(charges: Iterable[Charge]) -> dict[int, list[Finding]]:
    """The findings of each charge, the gravest first, as last judged."""
    latest = latest_judgements(charges)
    return {pk: list(findings_from_json(review.verdict)) for pk, review in latest.items()}


def latest_judgements(charges: Iterable[Charge]) -> dict[int, CodingReview]:
    """The last stored judgement of each charge."""
    rows = (
        CodingReview.objects.filter(charge__in=list(charges))
        .order_by("charge_id", "-id")
        .distinct("charge_id")
    )
    return {row.charge_id: row for row in rows}


@dataclass(frozen=True)
class JudgedCharge:
    """A charge of a session with what the rulebook last said about it."""

    charge: Charge
    findings: list[dict[str, str]]
    label: str
    tone: str


def judged_charges(session: GuidanceSession) -> list[JudgedCharge]:
    """All charges of a session, void ones last, each with its findings as last judged."""
    charges = sorted(
        session.charges.select_related("plan__payer"),
        key=lambda charge: (charge.status == ChargeStatus.VOID, -charge.pk),
    )
    latest = latest_judgements(charges)
    return [judged_charge(charge, latest.get(charge.pk)) for charge in charges]


def judged_charge(charge: Charge, review: CodingReview | None) -> JudgedCharge:
    found = findings_from_json(review.verdict) if review else ()
    tone = ChargeStatus(charge.status).tone
    findings = [shown_finding(finding) for finding in found]
    return JudgedCharge(charge, findings, charge.get_status_display(), tone)


def shown_finding(finding: Finding) -> dict[str, str]:
    """A finding in words: what is wrong, what it rests on, what would put it right."""
    return {
        "number": finding.number,
        "severity": finding.severity.name,
        "sentence": finding.sentence,
        "citation": finding.citation,
        "confidence": finding.confidence,
        "correction": finding.correction.note if finding.correction else "",
        "likely_denial": ", ".join(finding.likely_denial),
        "href": reverse("rule_detail", args=[finding.number]),
    }

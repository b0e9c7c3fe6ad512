"""What a proposed policy would change in courses, requests and charges, before it is done."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import F, Q
from django.urls import reverse
from django.utils.html import format_html

from accounts.models import User
from accounts.past import clock
from authorizations.models import OPEN, WAITING, Charge, Course, Coverage, PriorAuthorization
from authorizations.verdicts.facts import CourseData, RuleBooks, charge_facts
from authorizations.verdicts.labels import verdict_label
from authorizations.verdicts.proposed_line import propose, set_line
from authorizations.verdicts.rejudge import enqueue, start, touched_by
from authorizations.worklists.querysets import fractions_done
from coding.rules import review
from payers.models import AuthorizationPolicy
from payers.policies.lookup import speaks_for
from payers.policies.publishing import Policy


@dataclass(frozen=True)
class ChangedCharge:
    """A charge that would be judged otherwise."""

    charge: Charge
    before: str
    after: str
    course_id: int


@dataclass
class Impact:
    """What would be different, and how much was looked at."""

    charges: list[ChangedCharge] = field(default_factory=list)
    courses: list[tuple[Course, str]] = field(default_factory=list)
    requests: int = 0
    looked_at: int = 0

    @property
    def is_nothing(self) -> bool:
        return not (self.charges or self.courses)


def impact_of(policy: Policy) -> Impact:
    """Hold every open course of the payer's patients against the policy as if it were in force."""
    now, then = RuleBooks(), RuleBooks()
    then.policies.suppose(policy)
    found = Impact()
    for course in courses_of(policy):
        found.looked_at += 1
        file = CourseData(course)
        found.charges += changed_charges(file, now, then)
        if isinstance(policy, AuthorizationPolicy):
            told = requirement_change(file, policy, now, then)
            found.courses += [(course, told)] if told else []
    waiting = PriorAuthorization.objects.filter(status__in=WAITING, plan__payer=policy.payer)
    found.requests = sum(speaks_for_request(policy, r)
                         for r in waiting.select_related("plan", "course", "facility"))  # fmt: skip
    return found


def speaks_for_request(policy: Policy, request: PriorAuthorization) -> bool:
    """Whether the policy speaks, or may speak, about guidance of the request's course."""
    on = request.course.expected_on(clock.today())
    service = request.course.guidance_on(on, request.facility)
    return speaks_for(policy, request.plan, on, service)


def courses_of(policy: Policy) -> Iterator[Course]:
    """Courses whose patients this payer covers, unfinished or with unreleased charges."""
    covered = Coverage.objects.filter(plan__payer=policy.payer).values("patient")
    rows = Course.objects.filter(patient__in=covered).annotate(done=fractions_done())
    unfinished = rows.filter(Q(fractions_planned__isnull=True) | Q(done__lt=F("fractions_planned")))
    unreleased = rows.filter(sessions__charges__status__in=OPEN)
    return (unfinished | unreleased).distinct().select_related("facility", "patient").iterator(200)


def changed_charges(file: CourseData, now: RuleBooks, then: RuleBooks) -> Iterator[ChangedCharge]:
    for session in file.sessions:
        charge = file.charges.get(session.pk)
        if charge is None or charge.status not in OPEN:
            continue
        before, after = (
            verdict_under(file, session, charge, now),
            verdict_under(file, session, charge, then),
        )
        if before != after:
            yield ChangedCharge(charge, before, after, file.course.pk)


def verdict_under(file: CourseData, session, charge: Charge, books: RuleBooks) -> str:
    """The line and its verdict as these books would have it; nothing is stored."""
    tried = copy.copy(charge)
    if tried.corrected_at is None:
        set_line(tried, propose(file, session, books))
    today = clock.now().astimezone(file.course.facility.tz).date()
    verdict = review(charge_facts(file, session, tried, today, books))
    return verdict_label(tried.line, verdict.disposition, verdict.findings)


def requirement_change(
    file: CourseData, policy: AuthorizationPolicy, now: RuleBooks, then: RuleBooks
) -> str:
    """Whether permission would be required otherwise on the course's next day."""
    today = clock.now().astimezone(file.course.facility.tz).date()
    on = max(file.course.first_fraction_on or today, policy.effective_from, today)
    plan = file.plan_on(on)
    service = file.course.guidance_on(on)
    before = now.policies.is_required(plan, on, service)
    after = then.policies.is_required(plan, on, service)
    names = {True: "required", False: "not required", None: "not known"}
    return f"{names[before]} → {names[after]}" if before != after else ""


def bring_in_step(policy: Policy, by: User) -> str:
    """After publishing: judge the courses of the payer's patients anew, many in the background.

    Answers in words, with the page where the progress stands.
    """
    run = enqueue(
        cause=f"Policy published: {policy}",
        courses=touched_by(policy.payer.plans.all(), since=policy.effective_from),
        by=by,
    )
    start(run)
    page = reverse("rejudge_run_detail", args=[run.pk])
    return format_html(
        'Judged by it: <a href="{}">{} course{}</a>.', page, run.total, "s"[: run.total != 1]
    )

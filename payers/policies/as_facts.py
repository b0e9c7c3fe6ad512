"""A payer's policies of a day as plain facts for the rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from coding.amounts import component_of
from coding.rules.facts import ChargeFacts, PayerFacts, UndecidedPolicy
from payers.clocks import FilingLimit, filing_deadline
from payers.models import CodingPolicy, Plan
from payers.models.scopes import facility_type_of
from payers.policies.lookup import PolicyBook
from payers.policies.narrowest import Found
from payers.policies.scope import GLOBAL, NOTHING_KNOWN, Service

Topic = CodingPolicy.Topic


def payer_facts(
    plan: Plan | None, on: date, policies: PolicyBook, service: Service = NOTHING_KNOWN
) -> PayerFacts:
    """The payer's answers in force that day; nothing where there is no coverage."""
    if plan is None:
        return PayerFacts(has_coverage=False)
    found = {topic: policies.find_coding_policy(plan, topic, on, service) for topic in Topic}
    values = {topic: answer.row.value if answer.row else None for topic, answer in found.items()}
    return PayerFacts(
        payer=plan.payer.key,
        plan=plan.code,
        line_of_business=plan.line_of_business,
        has_coverage=True,
        modifier_26=values[Topic.MODIFIER_26],
        legacy_guidance_codes=values[Topic.LEGACY_GUIDANCE_CODES],
        second_session_modifier=values[Topic.SECOND_SESSION_MODIFIER],
        surface_guidance=values[Topic.SURFACE_GUIDANCE],
        proton_guidance=values[Topic.PROTON_GUIDANCE],
        last_fraction_review_hours=strictest(found[Topic.LAST_FRACTION_REVIEW_HOURS], int),
        diagnosis_order=values[Topic.DIAGNOSIS_ORDER],
        undecided=tuple(
            UndecidedPolicy(topic.value, answer.doubt)
            for topic, answer in found.items()
            if answer.doubt
        ),
    )


def strictest(found: Found[CodingPolicy], measure: Callable[[str], int]) -> int | None:
    """The number that a policy says; in doubt the smallest of those that it may be."""
    rows = [found.row] if found.row else found.candidates
    return min((measure(row.value) for row in rows), default=None)


def deadline(
    plan: Plan | None, on: date, policies: PolicyBook, service: Service = NOTHING_KNOWN
) -> date | None:
    """The last day on which a claim for that date of service may reach the payer; in doubt the
    first of those that it may be.
    """
    if plan is None:
        return None
    found = policies.find_coding_policy(plan, Topic.TIMELY_FILING, on, service)
    day = strictest(found, lambda limit: filing_deadline(on, FilingLimit.parse(limit)).toordinal())
    return date.fromordinal(day) if day else None


def service_of(facts: ChargeFacts, *, state: str = "", body_site: str = "") -> Service:
    """The service of a charge, from its facts; they hold neither state nor site."""
    line = facts.line
    return Service(
        code=line.code,
        component=component_of(line.modifiers) or GLOBAL,
        state=state,
        technique=facts.session.technique,
        body_site=body_site,
        diagnosis=next(iter(line.diagnoses), ""),
        facility_type=facility_type_of(line.place_of_service),
    )

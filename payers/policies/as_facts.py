"""A payer's policies of a day as plain facts for the rules."""

from __future__ import annotations

from datetime import date

from coding.rules.facts import PayerFacts
from payers.clocks import FilingLimit, filing_deadline
from payers.models import CodingPolicy, Plan
from payers.policies.lookup import PolicyBook

Topic = CodingPolicy.Topic


def payer_facts(plan: Plan | None, on: date, policies: PolicyBook) -> PayerFacts:
    """The payer's answers in force that day; nothing where there is no coverage."""
    if plan is None:
        return PayerFacts(has_coverage=False)
    hours = policies.answer(plan, Topic.LAST_FRACTION_REVIEW_HOURS, on)
    return PayerFacts(
        payer=plan.payer.key,
        plan=plan.code,
        line_of_business=plan.line_of_business,
        has_coverage=True,
        modifier_26=policies.answer(plan, Topic.MODIFIER_26, on),
        legacy_guidance_codes=policies.answer(plan, Topic.LEGACY_GUIDANCE_CODES, on),
        second_session_modifier=policies.answer(plan, Topic.SECOND_SESSION_MODIFIER, on),
        surface_guidance=policies.answer(plan, Topic.SURFACE_GUIDANCE, on),
        proton_guidance=policies.answer(plan, Topic.PROTON_GUIDANCE, on),
        last_fraction_review_hours=int(hours) if hours else None,
        diagnosis_order=policies.answer(plan, Topic.DIAGNOSIS_ORDER, on),
    )


def deadline(plan: Plan | None, on: date, policies: PolicyBook) -> date | None:
    """The last day on which a claim for that date of service may reach the payer."""
    limit = policies.answer(plan, Topic.TIMELY_FILING, on)
    return filing_deadline(on, FilingLimit.parse(limit)) if limit else None

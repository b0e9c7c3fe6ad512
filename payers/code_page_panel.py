"""What payers add to the code page and to trying the rules."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.exports.response import Tables
from accounts.models import User
from coding.extension_points import HOOKS, Panel
from coding.rules.facts import GUIDANCE, ChargeFacts, PayerFacts
from payers.exports import AUTHORIZATION, CODING
from payers.matrix import QUESTIONS_ASKED, payer_matrix
from payers.models import AuthorizationPolicy, CodingPolicy, KnownPayerError, Plan
from payers.policies.as_facts import payer_facts, service_of
from payers.policies.lookup import PolicyBook


def payer_differences(code: str, on: date, user: User) -> dict[str, Any]:
    """What each payer answers about guidance that day, side by side, and what it does wrong."""
    if code != GUIDANCE:
        return {}
    rows = CodingPolicy.objects.in_force(on).select_related("payer", "issuer", "plan")
    asks = AuthorizationPolicy.objects.in_force(on).select_related("payer", "issuer", "plan")
    errors = KnownPayerError.objects.in_force(on).filter(code=code).select_related("payer")
    return {
        "policies": rows.order_by("topic", "payer__name", "line_of_business", "pk"),
        "asks": asks.order_by("payer__name", "line_of_business", "pk"),
        "matrix": payer_matrix(on),
        "errors": errors.order_by("payer__name", "modifier", "effective_from", "pk"),
        "questions": QUESTIONS_ASKED,
        "on": on,
    }


def difference_tables(code: str, on: date, user: User) -> Tables:
    """The same as files."""
    shown = payer_differences(code, on, user)
    if not shown:
        return {}
    return {
        "payer-answers": (CODING, list(shown["policies"])),
        "asked-first": (AUTHORIZATION, list(shown["asks"])),
    }


def plan_choices() -> list[tuple[str, str]]:
    return [(plan.code, str(plan)) for plan in Plan.objects.filter(is_active=True)]


def answers_of(plan: str, facts: ChargeFacts) -> PayerFacts:
    """The answers of a plan about a charge; none for an unknown plan."""
    found = Plan.objects.select_related("payer").filter(code=plan).first()
    return payer_facts(found, facts.date_of_service, PolicyBook(), service_of(facts))


def enter() -> None:
    """Tell the code pages that payers can answer."""
    HOOKS.panels.append(
        Panel(
            "payers/_payer_differences.html",
            payer_differences,
            "payers",
            "Payers, question by question",
            difference_tables,
        )
    )
    HOOKS.questions.append(("May we bill this?", "may_we_bill"))
    HOOKS.plan_choices = plan_choices
    HOOKS.payer_facts = answers_of

"""Payers by question on a day: one row for plans that answer alike, each cell with its dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from payers.lines_of_business import LINES
from payers.models import AuthorizationPolicyRequirement, CodingPolicy, LineOfBusiness, Payer, Plan
from payers.policies.lookup import PolicyBook
from payers.policies.values import in_words

SOON = timedelta(days=90)
Topic = CodingPolicy.Topic
NOT_KNOWN = "not known: ask"
REQUIRED_TONES = {"required": "warn", "not_required": "good", "unknown": "bad"}
MODIFIER_TONES = {"required": "good", "either": "warn", "rejected": "bad"}
QUESTIONS_ASKED = (
    "Modifier 26",
    "Authorization",
    "Who decides",
    "Old-code approvals",
    "File within",
)


@dataclass(frozen=True)
class MatrixCell:
    """One answer: in a word, since and through when, how sure, whether it changes soon."""

    word: str
    tone: str = "neutral"
    span: str = ""
    confidence: str = ""
    source: str = ""
    changes_soon: bool = False


@dataclass(frozen=True)
class MatrixRow:
    """One payer, for the lines of business or plans that answer alike."""

    payer: Payer
    scope: str
    cells: tuple[MatrixCell, ...]


def payer_matrix(on: date) -> list[MatrixRow]:
    """Each payer's answers of a day; plans with the same answers share a row."""
    policies = PolicyBook()
    found: dict[tuple[Payer, tuple[MatrixCell, ...]], list[Plan]] = {}
    plans = Plan.objects.filter(is_active=True).exclude(line_of_business=LineOfBusiness.SELF_PAY)
    for plan in plans.select_related("payer").order_by("payer__name", "code"):
        found.setdefault((plan.payer, cells_of(plan, on, policies)), []).append(plan)
    return [MatrixRow(payer, scope_of(group), cells) for (payer, cells), group in found.items()]


def scope_of(plans: list[Plan]) -> str:
    """The lines of business of these plans, or the one plan's name."""
    lines = list(dict.fromkeys(str(LINES[plan.line_of_business]) for plan in plans))
    return plans[0].name if len(plans) == 1 else ", ".join(lines)


def cells_of(plan: Plan, on: date, policies: PolicyBook) -> tuple[MatrixCell, ...]:
    """The answers of a plan in the order of the questions."""
    asks = policies.authorization_policy(plan, on)
    coding = {
        topic: policies.coding_policy(plan, topic, on)
        for topic in (Topic.MODIFIER_26, Topic.OLD_AUTHORIZATIONS, Topic.TIMELY_FILING)
    }
    component = coding[Topic.MODIFIER_26]
    word = in_words(component.topic, component.value) if component else None
    return (
        answer_cell(component, word, on, MODIFIER_TONES.get(component.value if component else "")),
        requirement_cell(asks, on),
        answer_cell(asks, asks.manager if asks else None, on, none="not known"),
        policy_cell(coding[Topic.OLD_AUTHORIZATIONS], on),
        policy_cell(coding[Topic.TIMELY_FILING], on),
    )


def requirement_cell(row: Any, on: date) -> MatrixCell:
    if row is None:
        return MatrixCell(NOT_KNOWN, "bad")
    is_unknown = row.requirement == AuthorizationPolicyRequirement.UNKNOWN
    word = NOT_KNOWN if is_unknown else row.get_requirement_display().lower()
    return answer_cell(row, word, on, REQUIRED_TONES[row.requirement])


def policy_cell(row: Any, on: date) -> MatrixCell:
    return answer_cell(row, row and in_words(row.topic, row.value), on, none="not known")


def answer_cell(
    row: Any, word: str | None, on: date, tone: str | None = None, none: str = "no policy: use 26"
) -> MatrixCell:
    """An answer with its dates; what nobody knows is said."""
    if row is None:
        return MatrixCell(none)
    if not word:
        return MatrixCell("nobody named", "neutral", confidence=row.confidence, source=row.source)
    end = row.effective_through
    begins = f"{row.effective_from:%-d %b %y}"
    span = f"{begins} – {end:%-d %b %y}" if end else f"since {begins}"
    is_soon = bool(end and on <= end <= on + SOON)
    return MatrixCell(word, tone or "neutral", span, row.confidence, row.source, is_soon)

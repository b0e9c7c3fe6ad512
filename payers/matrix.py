"""Payers by question on a day: one row for plans that answer alike, each cell with its dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from coding.rules.common import NEW_CODES_BEGIN
from coding.rules.facts import GUIDANCE
from payers.lines_of_business import LINES
from payers.models import AuthorizationPolicyRequirement, CodingPolicy, LineOfBusiness, Payer, Plan
from payers.policies.lookup import PolicyBook
from payers.policies.narrowest import Found
from payers.policies.scope import Service

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
    """The answers of a plan about guidance in the order of the questions."""
    service = Service(code=GUIDANCE if on >= NEW_CODES_BEGIN else "")
    asks = policies.find_authorization_policy(plan, on, service)
    coding = {
        topic: policies.find_coding_policy(plan, topic, on, service)
        for topic in (Topic.MODIFIER_26, Topic.OLD_AUTHORIZATIONS, Topic.TIMELY_FILING)
    }
    return (
        modifier_cell(coding[Topic.MODIFIER_26], on),
        doubtful_cell(asks) or requirement_cell(asks.row, on),
        doubtful_cell(asks)
        or answer_cell(asks.row, asks.row.manager if asks.row else None, on, none="not known"),
        policy_cell(coding[Topic.OLD_AUTHORIZATIONS], on),
        policy_cell(coding[Topic.TIMELY_FILING], on),
    )


def doubtful_cell(found: Found[Any]) -> MatrixCell | None:
    """A cell for an answer that depends on the service, or on which two policies contradict."""
    if not found.doubt:
        return None
    answers = "; ".join(f"{row.only_for or 'else'}: {words_of(row)}" for row in found.candidates)
    word = f"depends on {found.depends_on}" if found.depends_on else "policies contradict"
    return MatrixCell(word, "warn", answers)


def words_of(row: Any) -> str:
    """What a policy answers, in words."""
    if isinstance(row, CodingPolicy):
        return row.answer
    return str(row.get_requirement_display()).lower()


def modifier_cell(found: Found[CodingPolicy], on: date) -> MatrixCell:
    row = found.row
    tone = MODIFIER_TONES.get(row.value) if row else None
    return doubtful_cell(found) or answer_cell(row, row.answer if row else None, on, tone)


def requirement_cell(row: Any, on: date) -> MatrixCell:
    if row is None:
        return MatrixCell(NOT_KNOWN, "bad")
    is_unknown = row.requirement == AuthorizationPolicyRequirement.UNKNOWN
    word = NOT_KNOWN if is_unknown else words_of(row)
    return answer_cell(row, word, on, REQUIRED_TONES[row.requirement])


def policy_cell(found: Found[CodingPolicy], on: date) -> MatrixCell:
    row = found.row
    return doubtful_cell(found) or answer_cell(
        row, row.answer if row else None, on, none="not known"
    )


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

"""What the payer's policies on file cannot answer: a missing fact, or two that contradict."""

from __future__ import annotations

from collections.abc import Callable

from coding.rules.book import Answer, Severity, rule
from coding.rules.common import NEW_CODES_BEGIN, PROTON, is_guidance, same_day
from coding.rules.facts import ChargeFacts
from coding.rules.modifiers import is_physicians

REMEDY = "complete the course or correct the policies, or ask the payer."


def is_new_code(facts: ChargeFacts) -> bool:
    return facts.date_of_service >= NEW_CODES_BEGIN and is_physicians(facts)


def is_old_code(facts: ChargeFacts) -> bool:
    """Guidance of the years in which payers took different codes; Medicare took one set."""
    is_old = facts.date_of_service < NEW_CODES_BEGIN and is_guidance(facts)
    return is_old and not facts.payer.is_medicare


# Each matter, as the sentence names it, and the charges that rest on it.
MATTERS: dict[str, tuple[str, Callable[[ChargeFacts], bool]]] = {
    "modifier_26": ("Whether this payer wants modifier 26", is_new_code),
    "legacy_guidance_codes": ("Which guidance codes this payer took", is_old_code),
    "second_session_modifier": (
        "How this payer wants a second session of the day marked",
        lambda facts: facts.day.earlier_units > 0,
    ),
    "surface_guidance": (
        "Whether this payer pays surface guidance",
        lambda facts: facts.session.modalities == ("surface",),
    ),
    "proton_guidance": (
        "Whether this payer pays guidance beside protons",
        lambda facts: same_day(facts, PROTON) is not None,
    ),
}


@rule(
    "R79",
    "requirement-undecided",
    "The policies on file cannot say whether authorization is required",
    severity=Severity.HOLD,
    confidence="D",
    source="ours",
    likely_denial=("CO-197",),
)
def requirement_undecided(facts: ChargeFacts) -> Answer:
    doubt = facts.authorization.requirement_doubt
    if not doubt or facts.authorization.is_required is not None:
        return None
    return f"Whether authorization is required cannot be said: it {doubt}; {REMEDY}"


@rule(
    "R80",
    "payer-answer-undecided",
    "The policies on file give no answer about this line",
    severity=Severity.HOLD,
    confidence="D",
    source="ours",
)
def payer_answer_undecided(facts: ChargeFacts) -> Answer:
    found = [
        f"{words} cannot be said: it {doubt}; "
        for topic, (words, rests_on_it) in MATTERS.items()
        if (doubt := facts.payer.doubt_about(topic)) and rests_on_it(facts)
    ]
    return f"{''.join(found)}{REMEDY}" if found else None

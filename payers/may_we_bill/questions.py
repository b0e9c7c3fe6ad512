"""The questions a reason answers, and which rules speak to each; every rule speaks to one."""

from __future__ import annotations

from coding.rules import Rule, all_rules

CODE, BESIDE, COMPONENT, MODIFIERS = "code", "beside", "component", "modifiers"
PAYER, PLACE, UNITS, IMAGES = "payer", "place", "units", "images"
DIAGNOSIS, AUTHORIZATION, FILING = "diagnosis", "authorization", "filing"

BY_SUBJECT = {
    "eras": CODE,
    "codes": CODE,
    "modifiers": COMPONENT,
    "marks": MODIFIERS,
    "combinations": BESIDE,
    "pairings": BESIDE,
    "units": UNITS,
    "documentation": IMAGES,
    "times": IMAGES,
    "authorization": AUTHORIZATION,
    "filing": FILING,
}
BY_NUMBER = {
    **dict.fromkeys(("R03", "R04"), COMPONENT),
    **dict.fromkeys(("R06", "R58", "R78"), BESIDE),
    **dict.fromkeys(("R12", "R13", "R14", "R15", "R05"), PAYER),
    **dict.fromkeys(("R16", "R17", "R76"), PLACE),
    **dict.fromkeys(("R32", "R62"), UNITS),
    "R57": DIAGNOSIS,
    "R47": IMAGES,
}


def question_of(number: str, subject: str) -> str:
    """The question that a rule speaks to."""
    return BY_NUMBER.get(number) or BY_SUBJECT[subject]


def rule_of(number: str, key: str) -> Rule:
    """The rule that found something."""
    return next(rule for rule in all_rules() if rule.number == number and rule.key == key)

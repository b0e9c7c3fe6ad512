"""The answers of payers on matters of coding, in words."""

from __future__ import annotations

WORDS = {
    "required": "required",
    "either": "with or without",
    "rejected": "rejected",
    "legacy": "the codes of before 2026",
    "76_77": "76 or 77",
    "billable": "billable",
    "not_billable": "not billable",
    "recoded_by_payer": "the payer recodes them",
    "revise": "ask the payer to revise them",
    "z510_first": "Z51.0 first",
    "malignancy_first": "the malignancy first",
}
UNITS = {"last_fraction_review_hours": "hours"}


def in_words(topic: str, value: str) -> str:
    """What the payer says: a word of ours, a code, or a number with its unit."""
    unit = UNITS.get(topic)
    return f"{value} {unit}" if unit else WORDS.get(value, value)

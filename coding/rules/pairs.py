"""The published pairings (NCCI) of the line with what else was given that day, read from the facts.

Where a pairing of the day is loaded, it decides; where none is, the family of the code does.
"""

from __future__ import annotations

from coding.rules.common import (
    DISTINCT,
    NEW_CODES_BEGIN,
    STEREOTACTIC,
    STEREOTACTIC_MANAGEMENT,
    has,
    same_day,
)
from coding.rules.facts import ChargeFacts, PairEditFacts

SPINAL_SURGERY = frozenset({"63620"})
NEVER, WITH_MODIFIER = 0, 1  # 9: withdrawn
MODIFIERS_OF_ANOTHER_LINE = DISTINCT | {"25"}
# July 2024, practitioner table: the two codes that went beside 77371 to 77373 where distinct.
DISTINCT_BESIDE_STEREOTACTIC = frozenset({"77014", "G6001"})
NOT_LOADED = "no pairing of this day is loaded, so the family of the code decides"


def pairing(facts: ChargeFacts, other: str) -> PairEditFacts | None:
    """The pairing in force of the line with another code, in either column order."""
    wanted = {(facts.line.code, other), (other, facts.line.code)}
    found = [edit for edit in facts.pair_edits if (edit.column_one, edit.column_two) in wanted]
    return min(found, key=lambda edit: edit.indicator, default=None)


def indicator(facts: ChargeFacts, other: str) -> int | None:
    """The indicator of that pairing; None where no table names it."""
    found = pairing(facts, other)
    return None if found is None else found.indicator


def basis(facts: ChargeFacts, other: str) -> str:
    """What the answer about two codes rests on, for the end of a sentence."""
    found = pairing(facts, other)
    if found is None:
        return NOT_LOADED
    unsure = ", provisional" if found.is_provisional else ""
    return (
        f"pairing {found.column_one}/{found.column_two}, indicator {found.indicator}, "
        f"{found.release or 'release unknown'}{unsure}"
    )


def excluded_by(facts: ChargeFacts, family: frozenset[str]) -> str | None:
    """A code of this family given that day which its pairing, or no pairing, keeps apart."""
    code = same_day(facts, family)
    if code is None:
        return None
    found = indicator(facts, code)
    is_apart = found == NEVER or (found is None and not facts.pair_table)
    return code if is_apart else None


def allows_distinct(facts: ChargeFacts, other: str) -> bool:
    """Whether a truly distinct service goes beside the other code, with 59 or an X modifier."""
    found = indicator(facts, other)
    if found is not None:
        return found == WITH_MODIFIER
    if facts.pair_table:
        return False  # what contains guidance contains it, whether or not the table names the pair
    is_old = facts.date_of_service < NEW_CODES_BEGIN
    return is_old and facts.line.code in DISTINCT_BESIDE_STEREOTACTIC


def denying(facts: ChargeFacts, wanted: int) -> list[PairEditFacts]:
    """The pairings with this indicator that name the line as the one that is not paid."""
    return [
        edit
        for edit in facts.pair_edits
        if edit.indicator == wanted and edit.column_two == facts.line.code
    ]


def denied_beside(facts: ChargeFacts) -> list[PairEditFacts]:
    """The pairings by which another line of the day is not paid beside this one."""
    return [
        edit
        for edit in facts.pair_edits
        if edit.column_one == facts.line.code
        and edit.indicator in (NEVER, WITH_MODIFIER)
        and edit.column_two not in STEREOTACTIC | STEREOTACTIC_MANAGEMENT
    ]


def is_marked_distinct(facts: ChargeFacts, other: str) -> bool:
    """Whether the line or the other one says that it is a distinct service."""
    marks = {m for line in facts.day.other_lines if line.code == other for m in line.modifiers}
    return has(facts, *DISTINCT) or bool(marks & MODIFIERS_OF_ANOTHER_LINE)


def has_pairing_to_pass(facts: ChargeFacts) -> bool:
    """Whether some other service of the day goes beside the line only as a distinct one."""
    is_published = any(edit.indicator == WITH_MODIFIER for edit in facts.pair_edits)
    stereotactic = same_day(facts, STEREOTACTIC)
    by_family = stereotactic is not None and allows_distinct(facts, stereotactic)
    surgery = same_day(facts, SPINAL_SURGERY)
    is_unnamed = surgery is not None and pairing(facts, surgery) is None and not facts.pair_table
    return is_published or by_family or is_unnamed

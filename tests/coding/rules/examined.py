"""How an examination case is put to the rulebook, and what is read of its answer."""

from __future__ import annotations

from typing import Any

from coding.rules import review
from coding.rules.examples.base import changed, clean
from coding.rules.facts import ChargeFacts, OtherLine, PairEditFacts


def judged(base: ChargeFacts | None = None, **changes: Any) -> tuple[str, set[str]]:
    """Disposition and the numbers of all rules that spoke above a note."""
    verdict = review(changed(base or clean(), **changes))
    return verdict.disposition, {f.number for f in verdict.findings if f.severity > 0}


def sentence(base: ChargeFacts | None = None, **changes: Any) -> str:
    """What the leading finding says."""
    leading = review(changed(base or clean(), **changes)).leading
    assert leading
    return leading.sentence


def proposal(base: ChargeFacts | None = None, **changes: Any) -> str:
    """The line the leading finding proposes, as a claim writes it."""
    facts = changed(base or clean(), **changes)
    leading = review(facts).leading
    assert leading
    change = leading.correction
    if change is None:
        return ""
    modifiers = facts.line.modifiers if change.modifiers is None else change.modifiers
    return "-".join((change.code or facts.line.code, *modifiers))


def day(*codes: str) -> dict[str, Any]:
    """A day with these lines, the first of them the delivery."""
    return {"delivery_code": codes[0], "other_lines": tuple(map(OtherLine, codes))}


def pairs(*rows: tuple[str, str, int]) -> dict[str, Any]:
    return {"pair_edits": tuple(PairEditFacts(*row, "2024 Q3") for row in rows)}

"""The lines at which a charge arrives when the rulebook's proposals are followed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from coding.rules import Correction, review
from coding.rules.facts import ChargeFacts, LineFacts

Line = tuple[str, frozenset[str], int]


def line_of(code: str, modifiers: Iterable[str], units: int) -> Line:
    """Code, modifiers in whatever order, units."""
    return code, frozenset(modifiers), units


def lines_after_mending(facts: ChargeFacts) -> set[Line]:
    """Every line that is reached by taking one proposal after another, in any order."""
    found: set[Line] = set()
    waiting = [facts.line]
    while waiting:
        tried = dataclasses.replace(facts, line=waiting.pop())
        for finding in review(tried).findings:
            line = corrected(tried.line, finding.correction)
            if line_of(line.code, line.modifiers, line.units) not in found:
                found.add(line_of(line.code, line.modifiers, line.units))
                waiting.append(line)
    return found - {line_of(facts.line.code, facts.line.modifiers, facts.line.units)}


def corrected(line: LineFacts, change: Correction | None) -> LineFacts:
    """The line as a correction would have it."""
    if change is None:
        return line
    return dataclasses.replace(
        line,
        code=change.code or line.code,
        modifiers=line.modifiers if change.modifiers is None else change.modifiers,
        units=change.units or line.units,
    )

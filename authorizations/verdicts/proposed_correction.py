"""What the rulebook last said about a charge, and the line it proposes instead."""

from __future__ import annotations

from dataclasses import dataclass

from authorizations.models import Charge, CodingReview
from coding.rules import Finding
from coding.rules.serialize import findings_from_json


@dataclass(frozen=True)
class Proposed:
    """The whole line as the rulebook would have it, and the finding that proposes it."""

    code: str
    modifiers: list[str]
    units: int
    finding: Finding


def findings_of(charge: Charge) -> tuple[Finding, ...]:
    """The findings of the last judgement, the gravest first."""
    review = CodingReview.objects.filter(charge=charge).order_by("-id").first()
    return findings_from_json(review.verdict) if review else ()


def proposed_line(charge: Charge) -> Proposed | None:
    """The first other line that a finding proposes; None where the line would stay as it is."""
    for finding in findings_of(charge):
        proposed = line_after(charge, finding)
        if proposed:
            return proposed
    return None


def line_after(charge: Charge, finding: Finding) -> Proposed | None:
    change = finding.correction
    if change is None:
        return None
    modifiers = charge.modifiers if change.modifiers is None else list(change.modifiers)
    line = (change.code or charge.code, list(modifiers), change.units or charge.units)
    if line == (charge.code, list(charge.modifiers), charge.units):
        return None
    return Proposed(*line, finding)

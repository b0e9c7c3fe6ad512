"""What stops or holds a charge, which of it somebody answered for, and what would mend it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from authorizations.models import Charge, ChargeEvent, CodingReview
from authorizations.verdicts.facts import CourseData, RuleBooks
from authorizations.verdicts.proposed_correction import findings_of
from authorizations.verdicts.proposed_line import propose
from coding.rules import Severity
from coding.rules.mending import Line, line_of, lines_after_mending
from coding.rules.serialize import facts_from_json

PROPOSED = "propose_override"
OVERRIDE = "confirm_override"
BY_CORRECTION = "correction"


def stops_and_holds(charge: Charge) -> dict[str, Severity]:
    """The rules that stop or hold a charge as last judged, the gravest first."""
    return {
        finding.number: finding.severity
        for finding in findings_of(charge)
        if finding.severity >= Severity.HOLD
    }


def overridden_rules(charge: Charge) -> set[str]:
    """The rules for which somebody answered on this charge.

    A correction that silenced a rule answers for that line alone: should the rule speak again, it
    is overridden again.
    """
    events = ChargeEvent.objects.filter(charge=charge, verb=OVERRIDE)
    found: set[str] = set()
    for details in events.values_list("details", flat=True):
        if details.get("by") != BY_CORRECTION:
            found |= {details.get("rule", ""), *details.get("rules", ())}
    return found


def proposal_of(charge: Charge) -> dict[str, Any]:
    """What the latest proposal of an override answers for; empty where none waits."""
    if not charge.override_proposed_at or charge.overridden_at:
        return {}
    events = ChargeEvent.objects.filter(charge=charge, verb=PROPOSED).order_by("-id")
    return events.values_list("details", flat=True).first() or {}


def waits_for_second_manager(charge: Charge) -> bool:
    """Whether a correction silenced a stop or hold, and no second manager answered for it yet."""
    return proposal_of(charge).get("by") == BY_CORRECTION


def is_overridden(charge: Charge) -> bool:
    """Whether somebody answered for every stop of this charge, not only for one of long ago."""
    if charge.overridden_at is None:
        return False
    stops = {n for n, severity in stops_and_holds(charge).items() if severity == Severity.STOP}
    return stops <= overridden_rules(charge)


def offered_lines(charge: Charge) -> set[Line]:
    """The lines the rulebook itself would capture, or proposes for what it found."""
    session = charge.session
    captured = propose(CourseData(session.course), session, RuleBooks())
    found = {line_of(captured.code, captured.modifiers, captured.units)}
    judgement = CodingReview.objects.filter(charge=charge).order_by("-id").first()
    if judgement:
        found |= lines_after_mending(facts_from_json(judgement.facts))
    return found


def is_offered_line(charge: Charge, code: str, modifiers: Iterable[str], units: int) -> bool:
    """Whether this line is the rulebook's own, so that taking it overrides nothing."""
    return line_of(code, modifiers, units) in offered_lines(charge)

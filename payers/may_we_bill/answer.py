"""The answer in one sentence, from the verdict of the same rulebook that judges charges."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date

from coding.rules import ChargeFacts, Correction, Finding, Severity, Verdict, review

WORDS = {"STOP": "No", "HOLD": "Yes, if", "WARN": "Yes, if", "pass": "Yes"}
TONES = {"No": "bad", "Yes, if": "warn", "Yes": "good"}
ICONS = {"No": "x-octagon", "Yes, if": "exclamation-triangle", "Yes": "check-circle"}
NEEDS = {
    Severity.STOP: "may not be billed",
    Severity.HOLD: "may be billed if a coder decides this",
    Severity.WARN: "may be billed if this is as it should be",
}


@dataclass(frozen=True)
class Instead:
    """The line a finding proposes, and the rulebook's word about it."""

    line: str
    word: str
    code: str
    modifiers: str
    units: int
    note: str


@dataclass(frozen=True)
class Answer:
    """Yes, no, or yes on conditions, with the rulebook's reasons."""

    on: date
    line: str
    verdict: Verdict
    needed: tuple[Finding, ...]
    instead: Instead | None

    @property
    def word(self) -> str:
        return WORDS[self.verdict.disposition]

    @property
    def tone(self) -> str:
        return TONES[self.word]

    @property
    def icon(self) -> str:
        return ICONS[self.word]

    @property
    def phrase(self) -> str:
        """What may be done with the line; a colon follows where something is needed."""
        return f"{NEEDS[self.needed[0].severity]}:" if self.needed else "may be billed."


def answer_of(facts: ChargeFacts) -> Answer:
    """The rulebook's answer about these facts."""
    verdict = review(facts)
    top = verdict.leading.severity if verdict.leading else Severity.NOTE
    needed = tuple(f for f in verdict.findings if f.severity == top and top > Severity.NOTE)
    return Answer(
        facts.date_of_service, line_of(facts), verdict, needed, instead_of(facts, verdict)
    )


def line_of(facts: ChargeFacts) -> str:
    """The line as a claim writes it, with its units."""
    line = facts.line
    return f"{'-'.join((line.code, *line.modifiers))} × {line.units}"


def corrected(facts: ChargeFacts, correction: Correction) -> ChargeFacts:
    """The facts with the line that a finding proposes."""
    changes = {
        name: value
        for name in ("code", "modifiers", "units")
        if (value := getattr(correction, name)) is not None
    }
    return dataclasses.replace(facts, line=dataclasses.replace(facts.line, **changes))


def instead_of(facts: ChargeFacts, verdict: Verdict) -> Instead | None:
    """The first line that a finding proposes and that the rulebook answers less severely."""
    found = [f.correction for f in verdict.findings if f.correction and f.severity > Severity.NOTE]
    for correction in found:
        other = corrected(facts, correction)
        word = WORDS[review(other).disposition]
        if other.line == facts.line or word == "No":
            continue
        line = other.line
        modifiers = " ".join(line.modifiers)
        return Instead(line_of(other), word, line.code, modifiers, line.units, correction.note)
    return None

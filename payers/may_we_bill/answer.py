"""Yes, Yes if, or No in one sentence: what the rulebook says about the facts of a scenario."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from coding.rules import Finding, Severity, Verdict, by_number, review
from coding.rules.facts import ChargeFacts, LineFacts
from coding.rules.mending import corrected
from payers.may_we_bill.scenario_facts import Books, Values, facts_of

YES, YES_IF, NO = "Yes", "Yes, if", "No"
WORDS = {"pass": YES, "WARN": YES, "HOLD": YES_IF, "STOP": NO}
TONES = {YES: "good", YES_IF: "warn", NO: "bad"}
ICONS = {YES: "check-circle", YES_IF: "exclamation-triangle", NO: "x-octagon"}
# Their sentences name moments; a scenario has only the order of times, so their titles speak.
ABOUT_MOMENTS = frozenset({"R41", "R43", "R44", "R63", "R64", "R65", "R67"})
MOST_STEPS = 5
APPROVED = "a radiation oncologist approved the images before the next treatment"


@dataclass(frozen=True)
class Unsaid:
    """A fact that the scenario leaves open: as it would have to be, as it must not be, in words."""

    field: str
    good: str
    bad: str
    words: str


@dataclass(frozen=True)
class Answer:
    """The answer to one scenario, and what it rests on."""

    values: Values
    facts: ChargeFacts
    verdict: Verdict
    conditions: tuple[str, ...] = ()
    open_fields: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """Yes, Yes if, or No: the rulebook's verdict, and what must be so besides."""
        word = WORDS[self.verdict.disposition]
        return YES_IF if word == YES and self.conditions else word

    @property
    def tone(self) -> str:
        return TONES[self.word]

    @property
    def icon(self) -> str:
        return ICONS[self.word]

    @property
    def line(self) -> str:
        """The line as a claim writes it."""
        return written_line(self.facts.line)

    @property
    def leading(self) -> Finding | None:
        """The finding that decides; none where nothing but notes is found."""
        found = self.verdict.leading
        return found if found and found.severity > Severity.NOTE else None

    @property
    def ends(self) -> str:
        """What follows “may be billed”: the conditions, joined."""
        decides = self.verdict.disposition == "HOLD"
        conditions = [*(["a coder decides so"] if decides else []), *self.conditions]
        return f" if {', and '.join(conditions)}" if conditions and self.word != NO else ""

    @property
    def why(self) -> str:
        """The sentence of the finding that decides; empty where nothing speaks against the line."""
        return shown_sentence(self.leading) if self.leading else ""


def answered(values: Values, books: Books) -> Answer:
    """The rulebook's answer. What the scenario does not say is tried as it would have to be.

    It is a condition where the answer would be worse without it.
    """
    unsaid = unsaid_in(values, books)
    best = values | {fact.field: fact.good for fact in unsaid}
    facts = facts_of(best, books)
    verdict = review(facts)
    needed = [fact for fact in unsaid if is_needed(fact, best, verdict, books)]
    return Answer(
        values,
        facts,
        verdict,
        tuple(fact.words for fact in needed),
        tuple(fact.field for fact in unsaid),
    )


def unsaid_in(values: Values, books: Books) -> list[Unsaid]:
    found = []
    if not values["reviewed"]:
        found.append(Unsaid("reviewed", "before", "no", APPROVED))
    if not values["authorization"]:
        who = decider(values, books)
        found.append(Unsaid("authorization", "unit", "none", f"{who} has authorized it"))
    return found


def decider(values: Values, books: Books) -> str:
    """Who decides for the plan; the plan's payer where nobody is named."""
    plan = values["plan"]
    policy = plan and books.policies.authorization_policy(plan, values["day"])
    return str(policy.manager if policy and policy.manager else plan.payer if plan else "the payer")


def is_needed(fact: Unsaid, best: Values, verdict: Verdict, books: Books) -> bool:
    """Whether the rulebook says more against the line without this fact."""
    without = review(facts_of(best | {fact.field: fact.bad}, books))
    return severity_of(without) > severity_of(verdict)


def severity_of(verdict: Verdict) -> int:
    return int(verdict.leading.severity) if verdict.leading else -1


def mended_line(answer: Answer) -> LineFacts | None:
    """The line that may be billed instead, by the rulebook's own proposals; None without one."""
    tried, seen = answer.facts, {answer.facts.line}
    for _ in range(MOST_STEPS):
        finding = next((f for f in review(tried).findings if f.correction), None)
        if finding is None:
            break
        line = corrected(tried.line, finding.correction)
        if line in seen:
            break
        seen.add(line)
        tried = dataclasses.replace(tried, line=line)
    is_better = severity_of(review(tried)) < severity_of(answer.verdict)
    return tried.line if is_better and tried.line != answer.facts.line else None


def with_line(values: dict[str, Any], line: LineFacts) -> dict[str, Any]:
    """The facts of a scenario with another line."""
    return values | {
        "code": line.code,
        "modifiers": " ".join(line.modifiers),
        "units": str(line.units),
    }


def written_line(line: LineFacts) -> str:
    return "-".join((line.code, *line.modifiers))


def shown_sentence(finding: Finding) -> str:
    """What the rule says, without the moments that a scenario does not have."""
    if finding.number not in ABOUT_MOMENTS:
        return finding.sentence
    return f"{title_of(finding)}."


def title_of(finding: Finding) -> str:
    return next(rule.title for rule in by_number(finding.number) if rule.key == finding.key)

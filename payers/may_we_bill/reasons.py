"""Why: each question about the line, its answer, since when, and who says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from coding.amounts import component_of
from coding.code_page import ADJUDICATION, STATUSES, pairing_phrase
from coding.models import EditTable, Modifier, PairEdit
from coding.rules import ChargeFacts, Finding, Rule, Severity, Verdict, all_rules
from payers.amounts.worth import first
from payers.may_we_bill.scenario import Books, Scenario
from payers.models import CodingPolicy
from payers.policies.narrowest import Found

Topic = CodingPolicy.Topic
NOT_KNOWN = "nothing on file"
# Each subject of the rulebook stands under one question.
SUBJECTS = {
    "eras": "code",
    "codes": "code",
    "combinations": "beside",
    "pairings": "beside",
    "modifiers": "component",
    "marks": "component",
    "policies": "payer_modifier",
    "units": "units",
    "documentation": "review",
    "times": "review",
    "authorization": "authorization",
    "filing": "filing",
}
MARKS = {"no": ("x-lg", "No"), "if": ("exclamation-triangle", "If"), "yes": ("check-lg", "Yes")}


@dataclass(frozen=True)
class Basis:
    """One cited statement: what is true, from when through when, who says so."""

    answer: str
    in_force: str = ""
    source: str = ""
    url: str = ""
    verified_on: date | None = None
    confidence: str = ""
    rule: str = ""
    is_against: bool = False


@dataclass
class Reason:
    """One question and everything that answers it."""

    question: str
    mark: str = ""
    bases: list[Basis] = field(default_factory=list)

    @property
    def icon(self) -> str:
        return MARKS[self.mark][0] if self.mark else "question-circle"

    @property
    def icon_label(self) -> str:
        return MARKS[self.mark][1] if self.mark else "Not known"

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(basis.answer for basis in self.bases)


def span_of(row: Any) -> str:
    """From when through when, as the table shows it."""
    text = str(row.span)
    return text.replace("from ", "since ", 1)


def cited_by(answer: str, row: Any) -> Basis:
    """What a row of the books says, with its dates and source."""
    span = span_of(row) if hasattr(row, "effective_from") else ""
    return Basis(answer, span, row.source, row.source_url, row.verified_on, row.confidence)


def by_rule(finding: Finding, rules: dict[str, Rule]) -> Basis:
    """What a rule says against the line, with its dates and source."""
    rule = rules[finding.key]
    return Basis(
        finding.sentence,
        since_of(rule),
        finding.citation,
        rule.source_url,
        None,
        finding.confidence,
        finding.number,
        finding.severity > Severity.NOTE,
    )


def reasons_of(
    scenario: Scenario, facts: ChargeFacts, verdict: Verdict, books: Books
) -> list[Reason]:
    """Every question in the order a coder asks, each with books and findings."""
    rows = published(scenario, facts, books)
    rules = {rule.key: rule for rule in all_rules()}
    against: dict[str, list[Finding]] = {}
    for finding in verdict.findings:
        against.setdefault(question_of(finding, rules), []).append(finding)
    found = []
    for key, label in questions(facts).items():
        mine = against.get(key, [])
        bases = [*rows.get(key, []), *(by_rule(finding, rules) for finding in mine)]
        silent = silent_rules(key, facts.date_of_service) if not bases else []
        is_known = bool(bases or silent)
        bases = bases or silent or [Basis(NOT_KNOWN)]
        found.append(Reason(label, mark_of(mine) if is_known else "", bases))
    return found


def question_of(finding: Finding, rules: dict[str, Rule]) -> str:
    return SUBJECTS[rules[finding.key].subject]


def questions(facts: ChargeFacts) -> dict[str, str]:
    return {
        "code": "Code on that day",
        "beside": f"Beside {facts.session.delivery_code or 'the delivery'}",
        "component": "Component and modifier",
        "place": f"Place {facts.line.place_of_service}",
        "units": "Units a day",
        "review": "Images and approval",
        "payer_modifier": "Modifier 26, this payer",
        "authorization": "Authorization",
        "filing": "File within",
    }


def silent_rules(key: str, on: date) -> list[Basis]:
    """Which rules were asked and say nothing against the line, by the source of the gravest."""
    if key not in ("beside", "review"):
        return []
    rules = [r for r in all_rules() if SUBJECTS[r.subject] == key and r.is_in_force(on)]
    if not rules:
        return []
    gravest = max(rules, key=lambda rule: (rule.severity, -ord(rule.confidence)))
    return [
        Basis(
            f"{len(rules)} rules asked, none against it",
            since_of(gravest),
            gravest.citation,
            gravest.source_url,
            None,
            gravest.confidence,
            gravest.number,
        )
    ]


def since_of(rule: Rule) -> str:
    """From when through when a rule speaks."""
    since = (
        f"since {rule.effective_from:%-d %b %Y}" if rule.effective_from.year > 2000 else "always"
    )
    if rule.effective_through:
        return f"{since.removeprefix('since ')} – {rule.effective_through:%-d %b %Y}"
    return since


def mark_of(findings: Iterable[Finding]) -> str:
    top = max((f.severity for f in findings), default=Severity.NOTE)
    return {Severity.STOP: "no", Severity.NOTE: "yes"}.get(top, "if")


def published(scenario: Scenario, facts: ChargeFacts, books: Books) -> dict[str, list[Basis]]:
    """What the books say about each question on that day."""
    plan, on, line = scenario.plan, facts.date_of_service, facts.line
    policies = books.policies
    edition = first(books.codes.editions.get(line.code, ()), on)
    limit = first([row for row in books.codes.limits if row.code == line.code], on)
    service = scenario.service(facts)
    ask = policies.find_authorization_policy(plan, on, service) if plan else Found()
    modifier = (
        policies.find_coding_policy(plan, Topic.MODIFIER_26, on, service) if plan else Found()
    )
    return {
        "code": [cited_by(f"{edition.get_standing_display()}: {edition.meaning}", edition)]
        if edition
        else [],
        "beside": pairings(facts, books),
        "component": [*component(facts, books), *modifiers(facts, books)],
        "place": [
            cited_by(f"{p.name}. {p.note}".strip(), p)
            for p in books.places
            if p.code == line.place_of_service
        ],
        "units": [cited_by(limit_phrase(limit), limit)] if limit else [],
        "payer_modifier": answers(modifier, lambda row: row.answer),
        "authorization": answers(ask, ask_phrase),
        "filing": filing(scenario, facts, books),
    }


def answers(found: Found[Any], phrase: Callable[[Any], str]) -> list[Basis]:
    """The policy that answers; in doubt each that may, and why none is named."""
    if found.row:
        return [cited_by(f"{phrase(found.row)}{only_for(found.row)}", found.row)]
    bases = [cited_by(f"{phrase(row)}{only_for(row)}", row) for row in found.candidates]
    return [Basis(f"Not decided: {found.doubt}"), *bases] if found.doubt else []


def only_for(row: Any) -> str:
    return f" ({row.only_for})" if row.only_for else ""


def limit_phrase(limit: Any) -> str:
    return f"{limit.units}, {ADJUDICATION[limit.adjudication]} (MUE, {limit.release})"


def ask_phrase(ask: Any) -> str:
    manager = f"; {ask.manager} decides" if ask.manager else ""
    return f"{ask.get_requirement_display()}{manager}"


def pairings(facts: ChargeFacts, books: Books) -> list[Basis]:
    """The published pairings of the line with the delivery and the other lines of the day."""
    others = {other.code for other in facts.day.other_lines} | {facts.session.delivery_code}
    rows: list[PairEdit] = books.codes.pairs.get(facts.line.code, [])
    return [
        cited_by(f"{row.column_one} / {row.column_two}: {pairing_phrase(row)}", row)
        for row in rows
        if row.table == EditTable.PRACTITIONER
        and row.is_in_force(facts.date_of_service)
        and {row.column_one, row.column_two} & others
    ]


def component(facts: ChargeFacts, books: Books) -> list[Basis]:
    """How Medicare's fee schedule carries the component that the line is for."""
    part = component_of(facts.line.modifiers)
    rows = [row for row in books.policies.fees.fees(facts.line.code) if row.modifier == part]
    row = first(rows, facts.date_of_service)
    name = {"": "global", "26": "26, physician’s part", "TC": "TC, equipment’s part"}[part]
    return (
        [cited_by(f"{name}: status {row.status}, {STATUSES.get(row.status, 'see the file')}", row)]
        if row
        else []
    )


def modifiers(facts: ChargeFacts, books: Books) -> list[Basis]:
    """When each modifier of the line is used."""
    rows: list[Modifier] = [row for row in books.modifiers if row.code in facts.line.modifiers]
    return [cited_by(f"{row.code}: {row.when_to_use}", row) for row in rows]


def filing(scenario: Scenario, facts: ChargeFacts, books: Books) -> list[Basis]:
    plan, last, service = scenario.plan, facts.filing.deadline, scenario.service(facts)
    if plan is None or last is None:
        return []
    on, topic = facts.date_of_service, Topic.TIMELY_FILING
    found = books.policies.find_coding_policy(plan, topic, on, service)
    until = f": {last:%a %-d %b %Y}" if found.row else ""
    return answers(found, lambda row: f"{row.answer}{until}")

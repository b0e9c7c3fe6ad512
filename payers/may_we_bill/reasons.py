"""Question by question: the answer, since when and through when, who says so, and how sure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from coding.code_page import ADJUDICATION, STATUSES
from coding.effective import Effective
from coding.models import CodeEdition, EditTable, PairEdit, PlaceOfService, UnitLimit
from coding.rules import Finding, Severity
from coding.rules.common import has
from coding.rules.modifier_table import Use, use_of
from payers.amounts.worth import FeeBook
from payers.clocks import FilingLimit
from payers.may_we_bill import questions
from payers.may_we_bill.answer import Answer, shown_sentence
from payers.may_we_bill.scenario_facts import Books
from payers.models import CodingPolicy
from payers.policies.values import in_words

STATES = {Severity.STOP: "no", Severity.HOLD: "if", Severity.WARN: "if", Severity.NOTE: "yes"}
NOT_BOOKED = "not in our books"
Topic = CodingPolicy.Topic


@dataclass(frozen=True)
class Reason:
    """One answer: yes, if, no or unknown, in words, with its dates, source and confidence."""

    state: str
    text: str
    span: str = ""
    source: str = ""
    url: str = ""
    verified_on: date | None = None
    confidence: str = ""
    rules: tuple[str, ...] = ()


@dataclass
class Published:
    """The published rows of a scenario's day, read once for all scenarios."""

    books: Books
    fees: FeeBook
    places: dict[str, PlaceOfService]

    @classmethod
    def load(cls, books: Books) -> Published:
        places = {row.code: row for row in PlaceOfService.objects.all()}
        return cls(books, books.policies.fees, places)


@dataclass(frozen=True)
class Asked:
    """One scenario with its answer and what is published about its day."""

    answer: Answer
    published: Published

    @property
    def on(self) -> date:
        return self.answer.facts.date_of_service

    @property
    def code(self) -> str:
        return self.answer.facts.line.code

    @property
    def plan(self) -> Any:
        return self.answer.values["plan"]


def cited_reason(state: str, text: str, row: Any) -> Reason:
    """An answer that a row of the books gives."""
    return Reason(
        state,
        text,
        since_through(row) if isinstance(row, Effective) else "",
        row.source,
        row.source_url,
        row.verified_on,
        row.confidence,
    )


def since_through(row: Any) -> str:
    """The dates of a row or rule, as people read them."""
    if row.effective_through is None:
        return "always" if row.effective_from.year <= 2000 else f"since {day(row.effective_from)}"
    if row.effective_from.year <= 2000:
        return f"to {day(row.effective_through)}"
    return f"{day(row.effective_from)} – {day(row.effective_through)}"


def day(value: date) -> str:
    return f"{value:%-d %b %Y}"


def by_findings(found: list[Finding]) -> Reason:
    """What the rules say to a question, the strongest first."""
    leading = found[0]
    rule = questions.rule_of(leading.number, leading.key)
    return Reason(
        STATES[leading.severity],
        " ".join(shown_sentence(finding) for finding in found),
        since_through(rule),
        leading.citation,
        rule.source_url,
        None,
        leading.confidence,
        tuple(finding.number for finding in found),
    )


def code_that_day(asked: Asked) -> Reason:
    rows = asked.published.books.codes.editions.get(asked.code, ())
    row = next((row for row in rows if row.is_in_force(asked.on)), None)
    if row is None:
        return Reason("unknown", f"{asked.code} is {NOT_BOOKED} on this day")
    is_valid = row.standing == CodeEdition.Standing.VALID
    return cited_reason("yes" if is_valid else "if", row.meaning, row)


def beside(asked: Asked) -> Reason:
    others = {line.code for line in asked.answer.facts.day.other_lines}
    pairs: list[PairEdit] = asked.published.books.codes.pairs.get(asked.code, [])
    current = [row for row in pairs if row.is_in_force(asked.on)]
    named = [r for r in current if {r.column_one, r.column_two} - {asked.code} <= others]
    if not others:
        return Reason("yes", "nothing else stands on the day")
    codes = ", ".join(sorted(others))
    if named:
        return cited_reason("yes", f"beside {codes}: pairing passed as distinct", named[0])
    if current:
        return cited_reason("yes", f"no pairing with {codes} in the table of the day", current[0])
    return Reason("unknown", f"no table of pairings of this day is loaded; beside {codes} no rule "
                  "speaks against it")  # fmt: skip


def component(asked: Asked) -> Reason:
    line = asked.answer.facts.line
    modifier = next((m for m in line.modifiers if m in ("26", "TC")), "")
    rows = asked.published.fees.fees(line.code)
    row = next((r for r in rows if r.modifier == modifier and r.is_in_force(asked.on)), None)
    name = {"26": "26, the physician’s part", "TC": "TC, the equipment’s part"}
    words = name.get(modifier, "global, no component on the line")
    if row is None:
        return Reason("unknown", f"{words}: no relative values of this day are loaded")
    status = STATUSES.get(row.status, "see the file")
    return cited_reason("yes" if row.status == "A" else "if", f"{words}; {status}", row)


def modifiers_of_line(asked: Asked) -> Reason:
    """What the one table of modifiers says of each on the line."""
    line = asked.answer.facts.line
    uses = [(code, use_of(code, asked.on)) for code in line.modifiers if code not in ("26", "TC")]
    if not uses:
        return Reason("yes", "none but the component" if line.modifiers else "none")
    known = [f"{code} {use.use.replace('_', ' ')}" for code, use in uses if use]
    unknown = [code for code, use in uses if use is None]
    words = "; ".join([*known, *(f"{code} {NOT_BOOKED}" for code in unknown)])
    bad = unknown or any(use and use.use in (Use.NEVER, Use.HOSPITAL) for _, use in uses)
    return Reason("if" if bad else "yes", words)


def payer_on_26(asked: Asked) -> Reason:
    policies = asked.published.books.policies
    row = asked.plan and policies.coding_policy(asked.plan, Topic.MODIFIER_26, asked.on)
    if not row:
        who = str(asked.plan.payer) if asked.plan else "no plan is given"
        return Reason("unknown", f"no policy on 26 is on file ({who}); the general rule is 26")
    given = "given" if has(asked.answer.facts, "26") else "not on the line"
    return cited_reason("yes", f"26 {in_words(row.topic, row.value)}; {given}", row)


def place(asked: Asked) -> Reason:
    code = asked.answer.facts.line.place_of_service
    row = asked.published.places.get(code)
    if row is None:
        return Reason("unknown", f"place of service {code} is {NOT_BOOKED}")
    return cited_reason("yes", f"{row}: {row.note}" if row.note else str(row), row)


def units_a_day(asked: Asked) -> Reason:
    limits: list[UnitLimit] = asked.published.books.codes.limits
    rows = [r for r in limits if r.code == asked.code and r.table == EditTable.PRACTITIONER]
    row = next((r for r in rows if r.is_in_force(asked.on)), None)
    if row is None:
        return Reason("unknown", "no unit limit of this day is loaded; one a session is general")
    words = (
        f"{row.units}, {ADJUDICATION[row.adjudication]} (MUE {row.units}, MAI {row.adjudication})"
    )
    return cited_reason("yes", words, row)


def images(asked: Asked) -> Reason:
    rule = questions.rule_of("R43", "approved-too-late")
    is_open = "reviewed" in asked.answer.open_fields
    words = "before the next treatment, by a radiation oncologist"
    return Reason(
        "if" if is_open else "yes",
        f"{words}{': not said' if is_open else ': given'}",
        since_through(rule),
        rule.citation,
        rule.source_url,
        None,
        rule.confidence,
    )


def diagnosis(asked: Asked) -> Reason:
    rule = questions.rule_of("R57", "no-covered-diagnosis")
    words = ", ".join(asked.answer.facts.line.diagnoses)
    return Reason("yes", f"{words}: a malignancy or a covered diagnosis", since_through(rule),
                  rule.citation, rule.source_url, None, rule.confidence)  # fmt: skip


def authorization(asked: Asked) -> Reason:
    """Whether the plan wants to be asked, and who decides."""
    policies, plan = asked.published.books.policies, asked.plan
    row = plan and policies.authorization_policy(plan, asked.on)
    required = asked.answer.facts.authorization.is_required
    if not row:
        return without_policy(required)
    who = f"; {row.manager} decides" if row.manager else ""
    words = f"{row.get_requirement_display().lower()}{who}"
    is_open = required is not False and "authorization" in asked.answer.open_fields
    state = "unknown" if required is None else "if" if is_open else "yes"
    return cited_reason(state, words, row)


def without_policy(required: bool | None) -> Reason:
    """The answer where no policy of the plan is on file."""
    if required is None:
        return Reason("unknown", "not known: ask the payer")
    return Reason("if", "required") if required else Reason("yes", "not required")


def filing(asked: Asked) -> Reason:
    policies, until = asked.published.books.policies, asked.answer.facts.filing.deadline
    row = asked.plan and policies.coding_policy(asked.plan, Topic.TIMELY_FILING, asked.on)
    if not row or until is None:
        return Reason("unknown", "no filing limit is on file: look into the contract")
    words = f"{FilingLimit.parse(row.value)}: by {until:%a} {day(until)}"
    return cited_reason("yes", words, row)


QUESTIONS: tuple[tuple[str, str, Callable[[Asked], Reason]], ...] = (
    (questions.CODE, "Code valid that day", code_that_day),
    (questions.BESIDE, "Beside this delivery", beside),
    (questions.COMPONENT, "Component", component),
    (questions.MODIFIERS, "Other modifiers", modifiers_of_line),
    (questions.PAYER, "Modifier 26, this payer", payer_on_26),
    (questions.PLACE, "Place of service", place),
    (questions.UNITS, "Units a day", units_a_day),
    (questions.IMAGES, "Images approved", images),
    (questions.DIAGNOSIS, "Diagnosis", diagnosis),
    (questions.AUTHORIZATION, "Authorization", authorization),
    (questions.FILING, "File within", filing),
)


PAYERS_OWN = (payer_on_26, authorization, filing)


def reasons_of(asked: Asked) -> list[tuple[str, Reason]]:
    """Each question with its answer: the rules' where they speak, else the books'."""
    found: dict[str, list[Finding]] = {}
    for finding in asked.answer.verdict.findings:
        subject = questions.rule_of(finding.number, finding.key).subject
        found.setdefault(questions.question_of(finding.number, subject), []).append(finding)
    return [(label, reason_of(asked, found.get(key, []), ask)) for key, label, ask in QUESTIONS]


def reason_of(asked: Asked, found: list[Finding], ask: Callable[[Asked], Reason]) -> Reason:
    """What the rules find; where a rule applies the payer's own row, with that row's dates."""
    if not found:
        return ask(asked)
    reason = by_findings(found)
    booked = ask(asked) if ask in PAYERS_OWN else None
    if booked is None or not booked.source:
        return reason
    return replace(booked, state=reason.state, text=reason.text, rules=reason.rules)

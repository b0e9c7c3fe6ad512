"""What would turn the answer, tried on the rulebook, and the next change in time."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from coding.amounts import component_of
from coding.models import EditTable
from coding.rules import ChargeFacts, Severity, all_rules, review
from coding.rules.common import with_26, without
from coding.rules.facts import OtherLine, ReviewFacts
from payers.may_we_bill.answer import WORDS, answer_of, corrected, line_of
from payers.may_we_bill.scenario import PHYSICIAN, Books, Scenario, put, usual_line
from payers.policies.lookup import speaks_for

Change = Callable[[ChargeFacts], ChargeFacts]


def beside(code: str) -> Change:
    """The same with another delivery."""

    def change(facts: ChargeFacts) -> ChargeFacts:
        own = facts.session.delivery_code
        rest = tuple(line for line in facts.day.other_lines if line.code != own)
        made = put(facts, "session.delivery_code", code)
        made = put(made, "session.delivery_code_status", "valid")
        return put(made, "day.other_lines", (OtherLine(code), *rest))

    return change


def setting(path: str, value: Any) -> Change:
    return lambda facts: put(facts, path, value)


def approved_late(facts: ChargeFacts) -> ChargeFacts:
    """The same, approved an hour after the next treatment began."""
    start = facts.session.started_at
    if start is None:
        return facts
    following = facts.review.next_delivered_at or start + timedelta(days=1)
    made = put(facts, "review.next_delivered_at", following)
    return put(made, "review.reviewed_at", following + timedelta(hours=1))


def second_session(facts: ChargeFacts) -> ChargeFacts:
    """The same after another session of the day that was billed."""
    start = facts.session.started_at
    earlier = start - timedelta(hours=7) if start else None
    made = put(facts, "day.earlier_units", 1)
    made = put(made, "day.earlier_started_at", facts.day.earlier_started_at or earlier)
    return put(made, "day.fractions_per_day_ordered", 2)


def without_authorization(facts: ChargeFacts) -> ChargeFacts:
    """The same where nothing is approved."""
    empty = dataclasses.replace(facts.authorization, lines=(), holds_unit=False)
    return dataclasses.replace(facts, authorization=empty)


def authorized(facts: ChargeFacts) -> ChargeFacts:
    """The same with an approval that holds a unit for this session."""
    line = usual_line(facts.line.code, facts.date_of_service, facts.session.facility)
    made = dataclasses.replace(facts.authorization, lines=(line,), holds_unit=True)
    return dataclasses.replace(facts, authorization=made)


def approved_in_time(facts: ChargeFacts) -> ChargeFacts:
    """The same, approved by a radiation oncologist an hour after the treatment began."""
    start = facts.session.started_at
    if start is None:
        return facts
    made = put(facts, "review.reviewed_at", start + timedelta(hours=1))
    made = put(made, "review.reviewer_role", "radiation_oncologist")
    return put(made, "review.reviewer_npi", facts.review.reviewer_npi or PHYSICIAN)


TRIED: tuple[tuple[str, Change], ...] = (
    ("with modifier 26", lambda facts: put(facts, "line.modifiers", with_26(facts))),
    ("without modifier 26", lambda facts: put(facts, "line.modifiers", without(facts, "26"))),
    ("if it is authorized and a unit is left", authorized),
    ("with 26, if it is authorized", lambda f: authorized(put(f, "line.modifiers", with_26(f)))),
    ("if the images were approved an hour after the start", approved_in_time),
    ("beside 77373, stereotactic delivery", beside("77373")),
    ("if the images are not approved", lambda f: dataclasses.replace(f, review=ReviewFacts())),
    ("if the images were approved after the next treatment began", approved_late),
    ("if a resident approved them alone", setting("review.reviewer_role", "resident")),
    ("as the second session of the day", second_session),
    ("if nothing is authorized", without_authorization),
    ("if the treatment was not delivered", setting("session.is_delivered", False)),
    ("in place 11", setting("line.place_of_service", "11")),
    ("in place 22", setting("line.place_of_service", "22")),
    ("with surface guidance only", setting("session.modalities", ("surface",))),
)


@dataclass(frozen=True)
class Turn:
    """What would turn the answer into another."""

    word: str
    words: str


def turns_of(facts: ChargeFacts) -> list[Turn]:
    """What the findings propose, and every change tried that the rulebook answers differently."""
    now = WORDS[review(facts).disposition]
    found = [Turn(*turn) for turn in proposals(facts)]
    for words, change in TRIED:
        other = change(facts)
        word = WORDS[review(other).disposition]
        if other != facts and word != now:
            found.append(Turn(word, words))
    return list(dict.fromkeys(found))


def proposals(facts: ChargeFacts) -> Iterator[tuple[str, str]]:
    """The answer to each line that a finding proposes."""
    for finding in review(facts).findings:
        fix = finding.correction
        if fix is None or finding.severity == Severity.NOTE:
            continue
        other = corrected(facts, fix)
        if other.line != facts.line:
            yield answer_of(other).word, f"as {line_of(other)} (rule {finding.number})"


@dataclass(frozen=True)
class NextChange:
    """The next day on which a rule, policy, edition or price begins or ends; the answer then."""

    on: date
    what: tuple[str, ...]
    word: str


def next_change(
    scenario: Scenario, facts: ChargeFacts, books: Books, *, with_contract: bool
) -> NextChange | None:
    """The first day after the date of service from which something the answer rests on differs."""
    on = facts.date_of_service
    found: dict[date, dict[str, None]] = {}
    for row, words in dated_rows(scenario, facts, books, with_contract=with_contract):
        ends = row.effective_through
        for day, verb in ((row.effective_from, "begins"), (ends and ends + timedelta(1), "ends")):
            if day and day > on:
                found.setdefault(day, {})[f"{words} {verb}"] = None
    if not found:
        return None
    day = min(found)
    word = answer_of(scenario.facts(books, day)).word
    return NextChange(day, tuple(found[day]), word)


def dated_rows(
    scenario: Scenario, facts: ChargeFacts, books: Books, *, with_contract: bool
) -> Iterator[tuple[Any, str]]:
    """Everything dated that the answer rests on, in words."""
    line, plan = facts.line, scenario.plan
    fees, codes = books.policies.fees, books.codes
    part = component_of(line.modifiers)
    yield from ((rule, f"rule {rule.number}") for rule in all_rules())
    yield from ((row, f"edition of {line.code}") for row in codes.editions.get(line.code, ()))
    yield from ((r, f"unit limit {r.release}") for r in codes.limits if r.code == line.code)
    others = {o.code for o in facts.day.other_lines} | {facts.session.delivery_code}
    for row in codes.pairs.get(line.code, ()):
        if row.table == EditTable.PRACTITIONER and {row.column_one, row.column_two} & others:
            yield row, f"pairing {row.column_one} / {row.column_two}"
    yield from ((r, "fee schedule row") for r in fees.fees(line.code) if r.modifier == part)
    yield from ((row, f"conversion factor {row.dollars_per_rvu}") for row in fees.factors)
    if plan is None:
        return
    policies = [
        *books.policies.coding.get(plan.payer_id, ()),
        *books.policies.authorization.get(plan.payer_id, ()),
    ]
    for policy in policies:
        if speaks_for(policy, plan, policy.effective_from, scenario.service(facts)):
            yield policy, f"policy “{policy}”"
    if with_contract:
        rates = [rate for rate in fees.rates(plan, line.code) if rate.modifier == part]
        yield from ((rate, "contract rate") for rate in rates)

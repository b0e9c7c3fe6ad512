"""Judging stored facts again: history must come out the same, and what-if questions get answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from accounts.models import Facility
from authorizations.models import CodingReview
from coding.code_book import CodeBook
from coding.rules import RULEBOOK_VERSION, ChargeFacts, Verdict, review
from coding.rules.book import findings, in_force
from coding.rules.serialize import facts_from_json, facts_to_json, verdict_to_json
from payers.known_errors.lookup import KnownErrors
from payers.models import Plan
from payers.policies.as_facts import deadline, payer_facts, service_of
from payers.policies.lookup import PolicyBook

Judge = Callable[[ChargeFacts], Verdict]


@dataclass(frozen=True)
class Replayed:
    """One stored verdict and what the judge says now."""

    review: CodingReview
    verdict: Verdict
    is_same: bool
    is_older: bool  # judged by an earlier edition of the rulebook


def replay(judge: Judge = review) -> Iterator[Replayed]:
    """Judge every stored review again, the oldest first, without keeping them in memory."""
    for row in CodingReview.objects.order_by("pk").iterator(chunk_size=500):
        facts = facts_from_json(row.facts)
        verdict = judge(facts)
        is_older = row.rulebook_version != RULEBOOK_VERSION
        # An earlier edition knew fewer facts: what is held against it is what it said.
        has_same_facts = is_older or facts_to_json(facts) == row.facts
        is_same = verdict_to_json(verdict) == row.verdict and has_same_facts
        yield Replayed(row, verdict, is_same, is_older)


def as_if_on(day: date) -> Judge:
    """A judge who applies the rules in force on another day to the facts as they are."""
    rules = in_force(day)

    def judge(facts: ChargeFacts) -> Verdict:
        found = sorted(findings(facts, rules), key=lambda f: (-f.severity, f.number, f.key))
        return Verdict(tuple(found), RULEBOOK_VERSION)

    return judge


def as_if_by_the_books() -> Judge:
    """A judge who looks up again what the books say of the day: pairings, unit limits, editions of
    codes, and the payer's policies and known errors. So it shows what a correction of the books
    would have changed.
    """
    codes, policies, errors = CodeBook(), PolicyBook(), KnownErrors()
    plans = {plan.code: plan for plan in Plan.objects.select_related("payer")}
    states = dict(Facility.objects.values_list("code", "state"))

    def judge(facts: ChargeFacts) -> Verdict:
        on, code, plan = facts.date_of_service, facts.line.code, plans.get(facts.payer.plan)
        delivery = facts.session.delivery_code
        session = replace(facts.session, delivery_code_status=codes.status_of(delivery, on))
        made = replace(
            facts,
            session=session,
            unit_limit=codes.unit_limit(code, on),
            pair_edits=codes.pair_edits(code, (o.code for o in facts.day.other_lines), on),
            pair_table=codes.pair_table(on),
        )
        if plan is None:
            return review(made)
        service = service_of(facts, state=states.get(facts.session.facility, ""))
        place = facts.line.place_of_service
        known = errors.of(plan, on, place_of_service=place, state=service.state)
        answers = replace(payer_facts(plan, on, policies, service), known_errors=known)
        last = deadline(plan, on, policies, service)
        filing = replace(facts.filing, deadline=last)
        return review(replace(made, payer=answers, filing=filing))

    return judge


def as_if_paid_by(plan: Plan) -> Judge:
    """A judge who takes another plan's answers of the same day."""
    policies, errors = PolicyBook(), KnownErrors()
    states = dict(Facility.objects.values_list("code", "state"))

    def judge(facts: ChargeFacts) -> Verdict:
        on = facts.date_of_service
        service = service_of(facts, state=states.get(facts.session.facility, ""))
        place = facts.line.place_of_service
        known = errors.of(plan, on, place_of_service=place, state=service.state)
        answers = replace(payer_facts(plan, on, policies, service), known_errors=known)
        asked = replace(
            facts.authorization,
            is_required=policies.is_required(plan, on, service),
            requirement_doubt=policies.requirement_doubt(plan, on, service),
        )
        return review(replace(facts, payer=answers, authorization=asked))

    return judge

"""May we bill this? One page by address: nothing is stored, and no patient is named."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from accounts.past import clock
from accounts.permissions import permit
from accounts.roles import Permission as P
from accounts.roles import is_permitted_somewhere
from accounts.web.text import shown_day
from coding.rules import ChargeFacts
from payers.may_we_bill.amounts import amount_of
from payers.may_we_bill.answer import Answer, answer_of
from payers.may_we_bill.changes import next_change, turns_of
from payers.may_we_bill.fields import BY_NAME, FIELDS, Field
from payers.may_we_bill.reasons import reasons_of
from payers.may_we_bill.scenario import Books, Scenario

MOST = 4
BEGINS = {"code", "on"}  # an address with no more than these begins a question
Group = dict[str, str]


@permit(P.READ_BOOKS)
def may_we_bill(request: HttpRequest) -> HttpResponse:
    """The rulebook's answer to up to four scenarios, with its reasons and what would turn it."""
    books, groups = Books(), groups_of(request.GET)
    begun = groups[0] if groups and not set(groups[0]) - BEGINS else {}
    groups = [] if begun else groups
    is_asked = bool(groups)
    user = request.user
    with_contract = user.is_authenticated and is_permitted_somewhere(
        user, P.REVIEW_CHARGES, P.READ_AUDIT
    )
    shown = groups or [usual_values() | begun]
    scenarios = [Scenario.read(group, books) for group in groups]
    answered = [
        answered_scenario(number, scenario, books, groups, with_contract=with_contract)
        for number, scenario in enumerate(scenarios, 1)
    ]
    context = {
        "forms": [
            form_of(number, group, books, scenarios[number - 1].errors if is_asked else {})
            for number, group in enumerate(shown, 1)
        ],
        "answers": answered,
        "table": side_by_side(answered),
        "is_one": len(answered) == 1,
        "compare": address([*shown, dict(shown[0])]) if len(shown) < MOST else "",
        "most": MOST,
    }
    is_wrong = any(scenario.errors for scenario in scenarios)
    return render(request, "payers/may_we_bill.html", context, status=400 if is_wrong else 200)


def groups_of(query: QueryDict) -> list[Group]:
    """The scenarios of an address; what a further one does not give is as in the first."""
    first = {name: str(query[name]) for name in BY_NAME if name in query}
    found = [first] if first else []
    for number in range(2, MOST + 1):
        own = {name: str(query[key]) for name in BY_NAME if (key := f"{number}-{name}") in query}
        if first and own:
            found.append(first | own)
    return found


def address(groups: list[Group]) -> str:
    """The address of these scenarios."""
    pairs = [
        (name if number == 1 else f"{number}-{name}", text)
        for number, group in enumerate(groups, 1)
        for name, text in group.items()
        if name == "code" or text != ("" if number == 1 else groups[0].get(name, ""))
    ]
    return f"{reverse('may_we_bill')}?{urlencode(pairs)}"


def usual_values() -> Group:
    """What a blank page begins with."""
    usual = {field.name: field.usual for field in FIELDS if field.usual}
    return usual | {"on": clock.today().isoformat()}


def form_of(number: int, group: Group, books: Books, errors: dict[str, str]) -> dict[str, Any]:
    """The fields of one scenario: those asked first, and the others."""
    prefix = "" if number == 1 else f"{number}-"
    rows = [
        {
            "name": f"{prefix}{field.name}",
            "field": field,
            "value": group.get(field.name, ""),
            "choices": choices_of(field, books, group.get(field.name, "")),
            "is_date": field.name in ("on", "filed") and field.name not in errors,
            "error": errors.get(field.name, ""),
        }
        for field in FIELDS
    ]
    return {
        "number": number,
        "first": [row for row in rows if row["field"].is_first],  # type: ignore[attr-defined]
        "rest": [row for row in rows if not row["field"].is_first],  # type: ignore[attr-defined]
        "is_open": any(error for name, error in errors.items() if not BY_NAME[name].is_first),
    }


def choices_of(field: Field, books: Books, typed: str) -> list[tuple[str, str]]:
    """The options of a field that has some; what was typed stays among them."""
    known = dict(field.kind.choices or {})
    if field.name == "plan":
        known = {code: str(plan) for code, plan in books.plans.items() if plan.is_active}
    if field.name == "facility":
        known = {code: row.name for code, row in books.facilities.items()}
    if not known:
        return []
    if typed and typed not in known:
        known[typed] = typed
    return list(known.items())


def answered_scenario(
    number: int, scenario: Scenario, books: Books, groups: list[Group], *, with_contract: bool
) -> dict[str, Any]:
    """The answer to one scenario with all that stands on the page about it."""
    if scenario.errors:
        return {"number": number, "errors": list(scenario.errors.values())}
    facts = scenario.facts(books)
    answer = answer_of(facts)
    amount = amount_of(scenario, facts, books, with_contract=with_contract)
    reasons = reasons_of(scenario, facts, answer.verdict, books)
    return {
        "number": number,
        "answer": answer,
        "facts": facts,
        "amount": amount,
        "plan": scenario.plan,
        "is_late": is_late(facts),
        "instead_url": instead_url(answer, number, groups),
        "reasons": [*reasons, amount.reason],
        "turns": turns_of(facts),
        "next": next_change(scenario, facts, books, with_contract=with_contract),
        "title": f"{answer.line}, {shown_day(answer.on)}",
    }


def is_late(facts: ChargeFacts) -> bool:
    """Whether the filing limit has passed by the day of filing, or by today where none is given."""
    last = facts.filing.deadline
    return last is not None and last < (facts.filing.judged_on or clock.today())


def instead_url(answer: Answer, number: int, groups: list[Group]) -> str:
    """The address that asks about the line which a finding proposes."""
    other = answer.instead
    if other is None:
        return ""
    line = {"code": other.code, "modifiers": other.modifiers, "units": str(other.units)}
    changed = [dict(group) for group in groups]
    changed[number - 1] |= line
    return address(changed)


def side_by_side(answered: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each question with its answer in every scenario; whether they differ, or are all the same."""
    whole = [entry["reasons"] for entry in answered if "reasons" in entry]
    return [
        {
            "question": " / ".join(dict.fromkeys(cell.question for cell in cells)),
            "cells": cells,
            "is_different": not same(cell.words for cell in cells),
            "is_same": same((cell.mark, *cell.bases) for cell in cells),
        }
        for cells in zip(*whole, strict=True)
    ]


def same(values: Any) -> bool:
    return len(set(values)) <= 1

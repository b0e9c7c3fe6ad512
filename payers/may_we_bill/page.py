"""What the page shows: scenarios with their answers, reasons side by side, turns, amounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from accounts.past import clock
from coding.models import PlaceOfService
from coding.modifier_choices import modifier_choices
from coding.rules.modalities import MODALITIES
from payers.clocks.plan_notes import notes_on_plan
from payers.may_we_bill.address import asked_scenarios, is_beyond, start, url_query
from payers.may_we_bill.amount_parts import Amount, amount_of
from payers.may_we_bill.answer import Answer, answered, mended_line, with_line
from payers.may_we_bill.reasons import Asked, Published, Reason, reasons_of
from payers.may_we_bill.scenario_facts import Books
from payers.may_we_bill.scenario_form import ScenarioForm
from payers.may_we_bill.turns import NextChange, Turn, next_change, turns_of
from payers.models import Plan

MAIN = ("code", "modifiers", "day", "delivery", "place", "plan", "reviewed", "units")
SHORT = {"code": "s", "modifiers": "s", "units": "xs", "delivery": "s", "place": "s", "plan": "l"}
STATE_ICONS = {
    "yes": ("check-lg", "Yes"),
    "if": ("exclamation-triangle", "If"),
    "no": ("x-lg", "No"),
    "unknown": ("question-circle", "Not known"),
}


@dataclass(frozen=True)
class Shown:
    """One scenario as it is shown beside others."""

    answer: Answer
    amount: Amount
    turns: list[Turn]
    change: NextChange | None
    mended: str
    mended_query: str
    plan_notes: list[Any]


@dataclass(frozen=True)
class Cell:
    """One answer to a question; ``width`` is over how many scenarios it is the same."""

    state: str
    icon: str
    label: str
    text: str
    rules: tuple[str, ...]
    width: int


@dataclass(frozen=True)
class Row:
    """One question: the answers side by side, with dates and sources."""

    question: str
    cells: list[Cell]
    reasons: list[Reason]

    @property
    def is_different(self) -> bool:
        """Whether the scenarios come to another answer here, not only to another date."""
        return len({(one.state, one.rules) for one in self.cells}) > 1

    @property
    def spans(self) -> list[str]:
        return list(dict.fromkeys(reason.span or "–" for reason in self.reasons))

    @property
    def sources(self) -> list[Reason]:
        """The reasons by their sources, each source once."""
        return list({(r.source, r.verified_on, r.confidence): r for r in self.reasons}.values())


def page_context(query: QueryDict) -> dict[str, Any]:
    """The page of an address. Without facts it is an empty form; wrong facts are named in it."""
    scenarios = asked_scenarios(query)
    forms = [ScenarioForm(scenario) for scenario in scenarios]
    wrong = [form for form in forms if not form.is_valid()]
    context: dict[str, Any] = {
        "forms": [form_parts(form, n) for n, form in enumerate(forms or [ScenarioForm(start())])],
        "is_wrong": bool(wrong),
        "is_beyond": is_beyond(query),
        "suggestions": suggestions(),
        "beside_query": url_query(*scenarios) if scenarios else "",
    }
    if query.get("compare") and forms and len(forms) < 4:
        context["forms"].append(form_parts(ScenarioForm(scenarios[-1]), len(forms)))
    if not forms or wrong:
        return context
    return context | answers_of_forms(forms, scenarios)


def answers_of_forms(forms: list[ScenarioForm], scenarios: list[dict[str, str]]) -> dict[str, Any]:
    """The answers to right facts."""
    books = Books()
    published = Published.load(books)
    all_asked = [Asked(answered(form.cleaned_data, books), published) for form in forms]
    return {
        "shown": [
            shown_scenario(asked, scenario)
            for asked, scenario in zip(all_asked, scenarios, strict=True)
        ],
        "rows": side_by_side_rows(all_asked),
    }


def shown_scenario(asked: Asked, scenario: dict[str, str]) -> Shown:
    answer, books = asked.answer, asked.published.books
    line = mended_line(answer)
    return Shown(
        answer=answer,
        amount=amount_of(asked),
        turns=turns_of(answer, books),
        change=next_change(asked),
        mended="-".join((line.code, *line.modifiers)) if line else "",
        mended_query=url_query(with_line(scenario, line)) if line else "",
        plan_notes=notes_on_plan(asked.plan, asked.on),
    )


def side_by_side_rows(all_asked: list[Asked]) -> list[Row]:
    """The questions with the answers of each scenario; equal answers beside each other are one."""
    columns = [reasons_of(asked) for asked in all_asked]
    rows = []
    for answers in zip(*columns, strict=True):
        reasons = [reason for _, reason in answers]
        is_same = len({(r.state, r.text) for r in reasons}) == 1
        cells = [cell(reasons[0], len(reasons))] if is_same else [cell(r, 1) for r in reasons]
        rows.append(Row(answers[0][0], cells, list(dict.fromkeys(reasons))))
    return rows


def cell(reason: Reason, width: int) -> Cell:
    icon, label = STATE_ICONS[reason.state]
    return Cell(reason.state, icon, label, reason.text, reason.rules, width)


def form_parts(form: ScenarioForm, number: int) -> dict[str, Any]:
    """A scenario's fields: those that are asked always, and the rest."""
    fields = [field_parts(form, name, number) for name in form.fields]
    more = [field for field in fields if field["name"] not in MAIN]
    return {
        "number": number + 1,
        "main": [field for field in fields if field["name"] in MAIN],
        "more": more,
        "given": [
            f"{field['label'].lower()} {shown_value(field)}"
            for field in more
            if field["is_changed"] and field["value"]
        ],
        "has_errors": any(field["error"] for field in more),
    }


def shown_value(field: dict[str, Any]) -> str:
    """A fact's value as its field shows it."""
    chosen = (choice["label"] for choice in field["choices"] if choice["is_chosen"])
    return str(next(chosen, field["value"]))


def field_parts(form: ScenarioForm, name: str, number: int) -> dict[str, Any]:
    field = form.fields[name]
    value = str(form.data.get(name, ""))
    errors = form.errors.get(name, ()) if form.is_bound else ()
    return {
        "name": name,
        "id": f"{name}-{number}",
        "label": field.label or name.replace("_", " ").capitalize(),
        "value": value,
        "choices": [
            {"value": key, "label": label, "is_chosen": key == value}
            for key, label in getattr(field, "choices", ())
        ],
        "size": SHORT.get(name, "m"),
        "list": name if name in ("plan", "place", "modality", "modifiers") else "",
        "error": " ".join(str(error) for error in errors),
        "is_changed": value != str(field.initial if field.initial is not None else ""),
    }


def suggestions() -> list[tuple[str, list[tuple[str, str]]]]:
    """What the fields offer: plans, places, ways of imaging, modifiers of the one table."""
    plans = Plan.objects.filter(is_active=True).values_list("code", "name")
    places = PlaceOfService.objects.values_list("code", "name")
    return [
        ("plan", list(plans)),
        ("place", list(places)),
        ("modality", [(name, modality.label) for name, modality in MODALITIES.items()]),
        ("modifiers", modifier_choices(clock.today())),
    ]

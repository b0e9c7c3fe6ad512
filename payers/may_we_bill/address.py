"""From an address to scenarios and back: what is not given is as at the start of the form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from accounts.past import clock
from coding.rules.authorization import (
    GIVEN,
    PROVEN,
    covers,
    current,
    holds_unit,
    in_window,
    outdated,
)
from coding.rules.facts import AuthorizedLine, ChargeFacts, OtherLine
from payers.may_we_bill.scenario_form import MOST_HOURS, ScenarioForm

MOST_SCENARIOS = 4
FIELDS = ScenarioForm.base_fields
START = {name: field.initial or "" for name, field in FIELDS.items()} | {"units": 1, "earlier": 0}
MAY_REPEAT_BY_COMMA = "day"


def asked_scenarios(query: QueryDict) -> list[dict[str, str]]:
    """The facts of each scenario: a fact may be given several times, one for each.

    What a later scenario leaves empty is as in the one before it. Several days may stand in one
    field with commas between.
    """
    given = {name: values_of(query, name) for name in FIELDS}
    count = max((len(values) for values in given.values()), default=0)
    scenarios: list[dict[str, str]] = []
    for number in range(min(count, MOST_SCENARIOS)):
        before = scenarios[-1] if scenarios else start()
        scenarios.append(
            {name: value_at(given[name], number, before[name]) for name in FIELDS}
            if number
            else {name: values[0] if values else before[name] for name, values in given.items()}
        )
    return [scenario for n, scenario in enumerate(scenarios) if scenario not in scenarios[:n]]


def is_beyond(query: QueryDict) -> bool:
    """Whether an address holds more scenarios than a page shows."""
    return any(len(values_of(query, name)) > MOST_SCENARIOS for name in FIELDS)


def values_of(query: QueryDict, name: str) -> list[str]:
    values = [value.strip() for value in query.getlist(name)]
    if name != MAY_REPEAT_BY_COMMA:
        return values
    return [part.strip() for value in values for part in value.split(",")]


def value_at(values: list[str], number: int, before: str) -> str:
    return values[number] if number < len(values) and values[number] else before


def start() -> dict[str, str]:
    """The facts before anything is given: guidance of today in a hospital, nothing wrong."""
    return {name: str(value) for name, value in START.items()} | {"day": clock.today().isoformat()}


def url_query(*scenarios: Mapping[str, Any]) -> str:
    """The scenarios as the query of an address: what is as at the start is left out."""
    beginning = start()
    named = [
        name
        for name in FIELDS
        if name in ("code", "day") or any(s[name] != beginning[name] for s in scenarios)
    ]
    return urlencode([(name, scenario[name]) for scenario in scenarios for name in named])


def address_of(facts: ChargeFacts, facility: str = "") -> dict[str, str]:
    """The facts of a charge as an address holds them: nothing that names a patient.

    No number of a patient, a request or a person, and no time of a day: only how times lie to
    one another.
    """
    line, session, day = facts.line, facts.session, facts.day
    own = session.delivery_code if session.is_delivered else ""
    others = [other for other in day.other_lines if other != OtherLine(own)]
    return start() | {
        "code": line.code,
        "modifiers": " ".join(line.modifiers),
        "day": facts.date_of_service.isoformat(),
        "delivery": session.delivery_code,
        "place": line.place_of_service,
        "plan": facts.payer.plan,
        "units": str(line.units),
        "claim": line.claim_type,
        "diagnoses": " ".join(line.diagnoses),
        "modality": " ".join(session.modalities),
        "image": image_of(facts),
        "shifts": yes(session.has_shifts),
        "delivered": yes(session.is_delivered),
        "technique": session.technique if session.technique != "brachytherapy" else "",
        "motion": yes(session.has_motion_management),
        "ordered": order_of(facts),
        "order": "" if session.out_of_order_with is None else str(session.out_of_order_with),
        "charged": yes(session.is_code_charged_earlier),
        "lines": " ".join(written(other) for other in others),
        "filed": day_or_nothing(facts.filing.judged_on),
        "facility": facility,
        **review_of(facts),
        **earlier_of(facts),
        **authorization_of(facts),
    }


def yes(value: bool | None) -> str:
    return "unknown" if value is None else "yes" if value else "no"


def day_or_nothing(day: date | None) -> str:
    return day.isoformat() if day else ""


def written(line: OtherLine) -> str:
    units = f"x{line.units}" if line.units > 1 else ""
    return "-".join((line.code, *line.modifiers)) + units


def image_of(facts: ChargeFacts) -> str:
    imaged, began = facts.session.image_at, facts.session.started_at
    if imaged is None or began is None:
        return "none" if imaged is None else "before"
    if imaged > began:
        return "after"
    return "early" if began - imaged > timedelta(hours=4) else "before"


def order_of(facts: ChargeFacts) -> str:
    ordered, first = facts.session.guidance_ordered_on, facts.session.course_first_imaged_on
    if first is None:
        return "unknown"
    return "no" if ordered is None else "after" if ordered > first else "before"


def review_of(facts: ChargeFacts) -> dict[str, str]:
    review = facts.review
    return {
        "reviewed": reviewed_of(facts),
        "reviewer": review.reviewer_role or "unknown" if review.reviewed_at else START["reviewer"],
        "resident": yes(review.has_resident),
        "statement": yes(review.has_attending_statement),
        "last": yes(review.is_last_fraction),
        "after_hours": begun_hours(facts.session.started_at, review.reviewed_at),
    }


def hours_between(first: datetime | None, second: datetime | None) -> str:
    """Whole hours from one moment to another; nothing where one is unknown or they turn round."""
    if first is None or second is None or second < first:
        return ""
    return str(min((second - first) // timedelta(hours=1), MOST_HOURS))


def begun_hours(first: datetime | None, second: datetime | None) -> str:
    """The same with an hour that has begun counted whole: a minute late is late."""
    whole = hours_between(first, second)
    is_begun = whole and first and second and (second - first) % timedelta(hours=1)
    return str(min(int(whole) + 1, MOST_HOURS)) if is_begun else whole


def reviewed_of(facts: ChargeFacts) -> str:
    """When the images were approved, as it lies to the image, the beam and the next treatment."""
    review, session = facts.review, facts.session
    if review.reviewed_at is None:
        return "reported" if review.reported_by else "no"
    if review.next_delivered_at and review.reviewed_at >= review.next_delivered_at:
        return "after"
    taken = session.image_at or session.started_at
    if taken and review.reviewed_at < taken:
        return "early"
    if session.started_at and review.reviewed_at < session.started_at:
        return "at_machine"
    return "before"


def earlier_of(facts: ChargeFacts) -> dict[str, str]:
    """The session before this one on the same day."""
    day, began = facts.day, facts.session.started_at
    npis = (facts.review.reviewer_npi, day.earlier_reviewer_npi)
    same = "same" if npis[0] == npis[1] else "other"
    return {
        "earlier": str(day.earlier_units),
        "hours": hours_between(day.earlier_started_at, began),
        "physician": same if all(npis) else "unknown",
        "ordered_per_day": str(day.fractions_per_day_ordered),
    }


def authorization_of(facts: ChargeFacts) -> dict[str, str]:
    """The line of the authorization that gives the unit, else the first; not its number."""
    permission = facts.authorization
    if permission.is_required is not True:
        return {"asked": yes(permission.is_required), "authorization": ""}
    if not permission.lines:
        return {"asked": "yes", "authorization": "none"}
    line = judged_line(facts)
    return {
        "asked": "yes",
        "authorization": state_of(line, holds_unit=holds_unit(facts)),
        "authorized": line.code,
        "component": line.modifier if line.modifier in ("26", "TC") else "",
        "approved": str(line.units_approved or 0),
        "valid_from": day_or_nothing(line.valid_from),
        "valid_through": day_or_nothing(line.valid_through),
        "elsewhere": yes(line.facility not in ("", facts.session.facility)),
    }


def judged_line(facts: ChargeFacts) -> AuthorizedLine:
    """The line that the rules judge by: one whose dates hold the day, else one that covers."""
    found = in_window(facts) or current(facts) or outdated(facts)
    if not found:
        covering = [line for line in facts.authorization.lines if covers(line, facts)]
        found = covering or list(facts.authorization.lines)
    here = [line for line in found if line.facility in ("", facts.session.facility)]
    given = [line for line in here or found if line.decision in GIVEN]
    return (given or here or found)[0]


def state_of(line: AuthorizedLine, *, holds_unit: bool) -> str:
    if line.decision == "denied":
        return "denied"
    if line.decision not in GIVEN:
        return "pended"
    if line.evidence not in PROVEN:
        return "asserted" if line.evidence == "asserted" else "phone"
    return "unit" if holds_unit else "no_unit"

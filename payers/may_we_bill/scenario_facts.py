"""From the facts of an address, with the books of that day, to the facts that rules judge."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from accounts.past import clock
from coding.code_book import CodeBook
from coding.rules.facts import (
    AuthorizationFacts,
    AuthorizedLine,
    ChargeFacts,
    DayFacts,
    FilingFacts,
    LineFacts,
    OtherLine,
    ReviewFacts,
    SessionFacts,
)
from payers.clocks import FilingLimit, filing_deadline
from payers.models import CodingPolicy, Plan
from payers.policies.as_facts import payer_facts
from payers.policies.lookup import PolicyBook

SOMEBODY, ANOTHER = "1", "2"  # who approved: only whether it is the same person matters
HERE, ELSEWHERE = "this facility", "another facility"
NOT_GIVEN = frozenset({"", "none"})
EVIDENCE = {"phone": "phone", "asserted": "asserted"}
DECISIONS = {"pended": "pended", "denied": "denied"}
REVIEWED_AFTER_IMAGE = {
    "before": timedelta(hours=5),
    "at_machine": timedelta(),
    "early": -timedelta(minutes=10),
    "after": timedelta(days=8),
}
TAKEN = {
    "before": -timedelta(minutes=5),
    "after": timedelta(minutes=5),
    "early": -timedelta(hours=5),
}


@dataclass
class Books:
    """What is looked up for all scenarios of a page, read once."""

    policies: PolicyBook = field(default_factory=PolicyBook)
    codes: CodeBook = field(default_factory=CodeBook)


Values = dict[str, Any]


def facts_of(values: Values, books: Books) -> ChargeFacts:
    """The facts of a charge as the scenario gives them and the books of its day complete them."""
    on, plan = values["day"], values["plan"]
    start = datetime.combine(on, time(10), tzinfo=timezone.get_current_timezone())
    day = day_of(values, start)
    codes = books.codes
    return ChargeFacts(
        date_of_service=on,
        line=line_of_scenario(values),
        payer=payer_facts(plan, on, books.policies),
        session=session_of(values, start, codes),
        review=review_by(values, start),
        day=day,
        authorization=permission_of(values, books),
        unit_limit=codes.unit_limit(values["code"], on),
        pair_edits=codes.pair_edits(values["code"], [o.code for o in day.other_lines], on),
        pair_table=codes.pair_table(on),
        filing=FilingFacts(values["filed"] or clock.today(), last_day(plan, on, books.policies)),
    )


def line_of_scenario(values: Values) -> LineFacts:
    return LineFacts(
        code=values["code"],
        modifiers=values["modifiers"],
        units=values["units"] or 1,
        place_of_service=values["place"],
        claim_type=values["claim"],
        diagnoses=values["diagnoses"],
    )


def session_of(values: Values, start: datetime, codes: CodeBook) -> SessionFacts:
    on = start.date()
    taken = TAKEN.get(values["image"])
    first = {"unknown": None}.get(values["ordered"], on)
    ordered = {"before": on, "after": on + timedelta(days=1)}.get(values["ordered"])
    return SessionFacts(
        started_at=start,
        is_delivered=values["delivered"] == "yes",
        delivery_code=values["delivery"],
        delivery_code_status=codes.status_of(values["delivery"], on),
        modalities=values["modality"],
        image_at=None if taken is None else start + taken,
        has_shifts=values["shifts"] == "yes",
        facility=HERE,
        technique=values["technique"],
        guidance_ordered_on=ordered,
        course_first_imaged_on=first,
        has_motion_management=answer_of(values["motion"]),
        is_code_charged_earlier=values["charged"] == "yes",
        out_of_order_with=values["order"],
    )


def answer_of(text: str) -> bool | None:
    """Yes, no, or nobody knows."""
    return {"yes": True, "no": False}.get(text)


def review_by(values: Values, start: datetime) -> ReviewFacts:
    """Who approved the images, and when: as it lies to the image and the next treatment."""
    is_last = values["last"] == "yes"
    resident = values["resident"] == "yes"
    statement = answer_of(values["statement"])
    after = REVIEWED_AFTER_IMAGE.get(values["reviewed"])
    base = ReviewFacts(
        has_resident=resident,
        has_attending_statement=statement,
        is_last_fraction=is_last,
        next_delivered_at=None if is_last else start + timedelta(days=1),
        reported_by="another system" if values["reviewed"] == "reported" else "",
    )
    if after is None:
        return base
    return ReviewFacts(
        reviewed_at=moment_of_review(values, start, after),
        reviewer_role=values["reviewer"],
        reviewer_npi=SOMEBODY,
        next_delivered_at=base.next_delivered_at,
        is_last_fraction=is_last,
        has_attending_statement=statement,
        has_resident=resident,
    )


def moment_of_review(values: Values, start: datetime, after: timedelta) -> datetime:
    """When the images were approved, so that it lies to image and beam as the scenario says."""
    if values["reviewed"] == "at_machine":
        return start - timedelta(minutes=1)
    if values["reviewed"] == "before" and values["last"] == "yes" and values["after_hours"]:
        return start + timedelta(hours=values["after_hours"])
    return start + TAKEN.get(values["image"], timedelta()) + after


def day_of(values: Values, start: datetime) -> DayFacts:
    own = values["delivery"] if values["delivered"] == "yes" else ""
    others = (*((OtherLine(own),) if own else ()), *values["lines"])
    hours = values["hours"]
    return DayFacts(
        other_lines=others,
        earlier_units=values["earlier"] or 0,
        earlier_started_at=None if hours is None else start - timedelta(hours=hours),
        earlier_reviewer_npi={"same": SOMEBODY, "other": ANOTHER}.get(values["physician"], ""),
        fractions_per_day_ordered=values["ordered_per_day"] or 1,
    )


def permission_of(values: Values, books: Books) -> AuthorizationFacts:
    """Whether the plan wants to be asked, and what it answered."""
    given = values["authorization"] not in NOT_GIVEN
    line = approved_line(values) if given else None
    return AuthorizationFacts(
        is_required=is_asked(values, books),
        lines=(line,) if line else (),
        holds_unit=bool(line and line.gives_unit),
    )


def is_asked(values: Values, books: Books) -> bool | None:
    """As the scenario says, else by the plan's policy of that day.

    Where none is known, a plan that has decided about the course wants to be asked.
    """
    if values["asked"]:
        return answer_of(values["asked"])
    known = books.policies.is_required(values["plan"], values["day"])
    has_answered = values["authorization"] not in (*NOT_GIVEN, "pended")
    return True if known is None and values["plan"] and has_answered else known


def approved_line(values: Values) -> AuthorizedLine:
    """The line of the authorization, for the charged code unless another is named."""
    state = values["authorization"]
    return AuthorizedLine(
        code=values["authorized"] or values["code"],
        modifier=values["component"],
        decision=DECISIONS.get(state, "approved"),
        valid_from=values["valid_from"],
        valid_through=values["valid_through"],
        units_approved=values["approved"],
        facility=ELSEWHERE if values["elsewhere"] == "yes" else HERE,
        evidence=EVIDENCE.get(state, "letter"),
        gives_unit=state == "unit",
    )


def last_day(plan: Plan | None, on: date, policies: PolicyBook) -> date | None:
    """The last day on which the claim may reach the payer."""
    limit = policies.answer(plan, CodingPolicy.Topic.TIMELY_FILING, on)
    return filing_deadline(on, FilingLimit.parse(limit)) if limit else None

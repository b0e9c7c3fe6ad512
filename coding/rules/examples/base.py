"""A charge with nothing wrong, and how an example departs from it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from coding.rules.examples.words import named, shown
from coding.rules.facts import (
    AuthorizationFacts,
    AuthorizedLine,
    ChargeFacts,
    DayFacts,
    FilingFacts,
    LineFacts,
    OtherLine,
    PayerFacts,
    ReviewFacts,
    SessionFacts,
    UnitLimitFacts,
)

ZONE = timezone(timedelta(hours=-6))
DOCTOR, OTHER_DOCTOR = "1000000004", "1000000012"
PARTS = ("line", "payer", "session", "review", "day", "authorization", "filing")
USUAL_DAY = date(2026, 6, 1)


@dataclass(frozen=True, slots=True)
class Example:
    """A situation in words, its facts, and every rule that speaks about it.

    ``about`` is the rule the example explains; it speaks when it is among ``finds``.
    """

    about: str
    why: str
    facts: ChargeFacts
    finds: tuple[str, ...]
    changes: tuple[tuple[str, str], ...] = ()
    says: str = ""  # words of the rule's sentence that this example is about
    bills: str = ""  # the line the rule proposes instead, as a claim writes it

    @property
    def speaks(self) -> bool:
        return self.about in self.finds


def clean(on: date = USUAL_DAY) -> ChargeFacts:
    """Medicare in a hospital: ordered, imaged, treated, approved the same day, filed in time."""
    start = datetime.combine(on, time(10), ZONE)
    return ChargeFacts(
        date_of_service=on,
        line=LineFacts("77387", ("26",), 1, "22", "837P", ("C61",)),
        payer=PayerFacts("medicare", "MCR", "medicare_ffs", modifier_26="required"),
        session=SessionFacts(
            started_at=start,
            fraction=5,
            fractions_planned=28,
            delivery_code="77407",
            image_at=start - timedelta(minutes=4),
            facility="MAIN",
            technique="IMRT",
            guidance_ordered_on=on - timedelta(days=20),
            course_first_imaged_on=on - timedelta(days=6),
            has_motion_management=False,
        ),
        review=ReviewFacts(
            start + timedelta(hours=3),
            "radiation_oncologist",
            DOCTOR,
            next_delivered_at=start + timedelta(days=1),
        ),
        day=DayFacts((OtherLine("77407"),)),
        authorization=AuthorizationFacts(is_required=False),
        unit_limit=UnitLimitFacts(1, 3, "2026 Q2"),
        filing=FilingFacts(on + timedelta(days=4), on + timedelta(days=365)),
    )


def authorized(on: date = USUAL_DAY, **changes: Any) -> AuthorizedLine:
    """An approved guidance line, proven by a letter, whose window holds the day."""
    usual: dict[str, Any] = {
        "code": "77387",
        "modifier": "26",
        "number": "A1",
        "valid_from": on - timedelta(days=30),
        "valid_through": on + timedelta(days=60),
        "units_approved": 28,
        "facility": "MAIN",
    }
    return AuthorizedLine(**(usual | changes))


def insured(on: date = USUAL_DAY) -> ChargeFacts:
    """The same with UnitedHealthcare, whose authorization holds a unit for this session."""
    return dataclasses.replace(
        clean(on),
        payer=PayerFacts("unitedhealthcare", "UHC", "commercial_fully_insured", "required"),
        authorization=AuthorizationFacts(True, (authorized(on),), holds_unit=True),
    )


def changed(facts: ChargeFacts, **changes: Any) -> ChargeFacts:
    """The facts with some values replaced, each found by its name in the part that has it."""
    for name, value in changes.items():
        facts = put(facts, name, value)
    return facts


def put(facts: ChargeFacts, name: str, value: Any) -> ChargeFacts:
    for part in PARTS:
        held = getattr(facts, part)
        if name in held.__dataclass_fields__:
            return dataclasses.replace(facts, **{part: dataclasses.replace(held, **{name: value})})
    return dataclasses.replace(facts, **{name: value})


def example(
    about: str,
    why: str,
    finds: str = "",
    *,
    base: ChargeFacts | None = None,
    says: str = "",
    bills: str = "",
    **changes: Any,
) -> Example:
    """An example that departs from a clean charge (or another base) in these values."""
    facts = changed(base or clean(), **changes)
    told = tuple((named(name), told_as(name, value)) for name, value in changes.items())
    return Example(about, why, facts, tuple(finds.split()), told, says, bills)


def told_as(name: str, value: Any) -> str:
    """None is nothing there, but of a question nobody has answered it is: nobody knows."""
    return "nobody knows" if value is None and name.startswith(("is_", "has_")) else shown(value)


def at(on: date, hour: int, minute: int = 0) -> datetime:
    """A moment by the facility's clock."""
    return datetime.combine(on, time(hour, minute), ZONE)

"""One verb on many charges: each is checked as if it were alone, each gets its own answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from authorizations.charges import actions as verbs
from authorizations.charges.disputes import acknowledge, dispute
from authorizations.charges.overrides import confirm_override, decline_override, propose_override
from authorizations.charges.returns import return_to_physician, return_to_therapist
from authorizations.charges.successors import capture_again, leave_unbilled
from authorizations.models import Charge, ChargeEvent
from authorizations.workflow import CHARGE_MOVES, IllegalMove
from authorizations.worklists.sync_tasks import in_one_pass

DOUBLE = "This session already has a live charge for this code."
MANY: dict[str, Callable[..., Charge]] = {
    "release": verbs.release,
    "apply_correction": verbs.apply_correction,
    "hold": verbs.hold,
    "return_to_therapist": return_to_therapist,
    "return_to_physician": return_to_physician,
    "return_to_review": verbs.unhold,
    "mark_not_billable": verbs.mark_not_billable,
    "dispute": dispute,
    "propose_override": propose_override,
    "confirm_override": confirm_override,
    "decline_override": decline_override,
    "acknowledge": acknowledge,
    "void": verbs.void,
    "capture_again": capture_again,
    "leave_unbilled": leave_unbilled,
}
# What a decision may change about a charge and its answer shows.
DECIDED = ("code", "modifiers", "units", "amount", "status", "disposition", "leading_rule")
LABELS = {row.verb: row.label for row in CHARGE_MOVES}


@dataclass(frozen=True)
class ChargeResult:
    """What became of one charge, and why."""

    charge: Charge
    is_done: bool
    sentence: str


@dataclass
class Answer:
    """What became of each charge, in the order in which they were shown."""

    verb: str
    outcomes: list[ChargeResult] = field(default_factory=list)

    @property
    def done(self) -> list[ChargeResult]:
        return [outcome for outcome in self.outcomes if outcome.is_done]

    @property
    def kept(self) -> list[ChargeResult]:
        return [outcome for outcome in self.outcomes if not outcome.is_done]


@in_one_pass()
def decide_many(*, charges: Iterable[Charge], verb: str, by: User, **given: Any) -> Answer:
    """Do one verb to each of these charges. Repeating it changes nothing more.

    A course is one transaction: broken off, each charge is wholly done with its event or wholly
    not, and doing it again completes the rest.
    """
    if verb not in MANY:
        raise IllegalMove(f"“{verb}” is not done to many charges at once.")
    charges = list(charges)
    by_course: dict[int, list[Charge]] = {}
    for charge in charges:
        by_course.setdefault(charge.session.course_id, []).append(charge)
    found: dict[int, ChargeResult] = {}
    for course in sorted(by_course):
        found |= decide_in_course(by_course[course], verb, by, given)
    bring_up_to_date(charges)
    return Answer(verb, [found[charge.pk] for charge in charges])


def bring_up_to_date(charges: list[Charge]) -> None:
    """The lines and amounts as the decisions left them, for the page that answers."""
    now = Charge.objects.in_bulk([charge.pk for charge in charges])
    for charge in charges:
        for name in DECIDED:
            setattr(charge, name, getattr(now[charge.pk], name))


@transaction.atomic
def decide_in_course(
    charges: list[Charge], verb: str, by: User, given: dict[str, Any]
) -> dict[int, ChargeResult]:
    """The charges of one course, judged once where they are to be released, decided one by one."""
    if verb == "release":
        results = verbs.release_of_course(charges, by, given.get("reason", ""))
        return {
            pk: ChargeResult(row.charge, row.is_released, row.sentence)
            for pk, row in results.items()
        }
    return {charge.pk: decide_one(charge, verb, by, given) for charge in charges}


def decide_one(charge: Charge, verb: str, by: User, given: dict[str, Any]) -> ChargeResult:
    """The single verb within its own savepoint; what it refuses is answered, not raised."""
    before = last_event(charge)
    try:
        with transaction.atomic():
            fresh = MANY[verb](charge=charge, by=by, **given)
    except IllegalMove as refusal:
        return ChargeResult(charge, False, str(refusal))
    except IntegrityError:
        return ChargeResult(charge, False, DOUBLE)
    if last_event(charge) == before:
        return ChargeResult(charge, False, "It was so already; nothing changed.")
    return ChargeResult(charge, True, f"{LABELS[verb]}: now {fresh.get_status_display().lower()}.")


def last_event(charge: Charge) -> int | None:
    rows = ChargeEvent.objects.filter(charge=charge).order_by("-id")
    return rows.values_list("pk", flat=True).first()

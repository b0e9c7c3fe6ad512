"""Who entered or uploaded what a charge rests on: the second thing asked before its release.

The table of accounts/separation.py says who may not; here are those who have done the first thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db.models import prefetch_related_objects
from django.utils import timezone

from accounts.models import User
from accounts.separation import separation_refusal
from authorizations.models import Charge
from authorizations.workflow import DECISIONS

Doers = Callable[[Charge], Iterable[int | None]]
# What is read at once for many charges, so that no charge asks for itself.
DOERS_READ = (
    "session__corrections",
    "session__reviews__reviewed_by",
    "session__authorized_service__authorization__events",
)


def recorders(charge: Charge) -> list[int]:
    """Who recorded the session, by hand or by a file they uploaded."""
    return [charge.session.recorded_by_id]


def correctors(charge: Charge) -> list[int]:
    """Who corrected what was recorded, by hand or by a file they uploaded."""
    return [row.by_id for row in charge.session.corrections.all()]


def approvers(charge: Charge) -> list[int | None]:
    """Who brought an answer to the images, and the physicians whose answer it is."""
    reviews = charge.session.reviews.all()
    brought = [review.recorded_by_id for review in reviews]
    return brought + [review.reviewed_by.user_id for review in reviews]


def deciders(charge: Charge) -> list[int]:
    """Who recorded or corrected the decision whose unit the session holds, or proved it."""
    line = charge.session.authorized_service
    events = line.authorization.events.all() if line else ()
    return [event.by_id for event in events if event.verb in DECISIONS]


def proposers(charge: Charge) -> list[int | None]:
    """Who proposed to override the stop."""
    return [charge.override_proposed_by_id]


DOERS: dict[str, dict[str, Doers]] = {
    "release": {
        "release-own-session": recorders,
        "release-own-correction": correctors,
        "release-own-image-approval": approvers,
        "release-own-authorization": deciders,
    },
    "confirm_override": {"confirm-own-override": proposers},
}


def read_doers(charges: list[Charge]) -> None:
    """Read for all of these charges at once what the doers are found in."""
    prefetch_related_objects(charges, *DOERS_READ)


def own_duties(charge: Charge, verb: str, by: User) -> list[str]:
    """The rows of the table whose first thing this person has done."""
    rows = DOERS.get(verb, {})
    if verb == "release":
        read_doers([charge])
    return [key for key, doers in rows.items() if by.pk in doers(charge)]


def second_person_refusal(charge: Charge, verb: str, by: User) -> str | None:
    """The sentence of the table that leaves this move to a second person; None where none does."""
    refusals = refused_duties(charge, verb, by)
    return next(iter(refusals.values()), None)


def refused_duties(charge: Charge, verb: str, by: User) -> dict[str, str]:
    """The rows that refuse this move to this person, each with its sentence."""
    on = timezone.localdate()
    asked = {
        key: separation_refusal(key, by=by, doers=[by], on=on)
        for key in own_duties(charge, verb, by)
    }
    return {key: sentence for key, sentence in asked.items() if sentence}


def duties_done_alone(charge: Charge, verb: str, by: User) -> list[str]:
    """The rows that are switched off today, and of which this person does both things."""
    refused = refused_duties(charge, verb, by)
    return [key for key in own_duties(charge, verb, by) if key not in refused]

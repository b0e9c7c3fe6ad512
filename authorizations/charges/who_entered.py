"""Who entered or uploaded what a charge rests on: asked before a second person's step.

The table of accounts/separation.py says who may not; here are those who have done the first thing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import F
from django.utils import timezone

from accounts.models import User
from accounts.separation import separation_refusal
from authorizations.models import (
    AuthorizationEvent,
    Charge,
    CoverageEvent,
    ImageReview,
    SessionCorrection,
    TreatmentRecord,
)
from authorizations.workflow import DECISIONS

People = dict[int, set[int | None]]  # by session, or by line of an authorization
DUTIES_OF_MOVE = {
    "release": (
        "release-own-session",
        "release-own-correction",
        "release-own-image-approval",
        "release-own-authorization",
        "release-own-coverage",
    ),
    "confirm_override": ("confirm-own-override",),
}


def read_doers(charges: Iterable[Charge]) -> None:
    """Note on each of these charges who did what it rests on, in four questions for all."""
    charges = list(charges)
    sessions = [charge.session_id for charge in charges]
    corrected, approved, sent = correctors(sessions), approvers(sessions), senders(sessions)
    covered = coverers(sessions)
    decided = deciders({charge.session.authorized_service_id for charge in charges} - {None})
    for charge in charges:
        charge.doers = {
            "release-own-session": {charge.session.recorded_by_id, *sent[charge.session_id]},
            "release-own-correction": corrected[charge.session_id],
            "release-own-image-approval": approved[charge.session_id],
            "release-own-authorization": decided[charge.session.authorized_service_id],
            "release-own-coverage": covered[charge.session_id],
            "confirm-own-override": {charge.override_proposed_by_id},
        }


def senders(sessions: Iterable[int]) -> People:
    """Whose file brought a session that the course's facility accepted."""
    rows = TreatmentRecord.objects.filter(session__in=sessions, sent_by__isnull=False)
    return people_by_row(rows.values_list("session_id", "sent_by_id"))


def correctors(sessions: Iterable[int]) -> People:
    """Who corrected what was recorded, by hand or by a file they uploaded."""
    rows = SessionCorrection.objects.filter(session__in=sessions)
    return people_by_row(rows.values_list("session_id", "by_id"))


def approvers(sessions: Iterable[int]) -> People:
    """Who brought an answer to the images, and the physicians whose answer it is."""
    rows = ImageReview.objects.filter(session__in=sessions)
    return people_by_row(rows.values_list("session_id", "recorded_by_id", "reviewed_by__user_id"))


def deciders(lines: Iterable[int]) -> People:
    """Who recorded or corrected the decision about a line, or brought what proves it."""
    rows = AuthorizationEvent.objects.filter(
        authorization__lines__in=list(lines), verb__in=DECISIONS
    )
    return people_by_row(rows.values_list("authorization__lines", "by_id"))


def coverers(sessions: Iterable[int]) -> People:
    """Who entered or changed the coverage that pays on the day, after the course was registered."""
    there = "coverage__patient__courses__sessions"
    rows = CoverageEvent.objects.of_day(
        F(f"{there}__date_of_service"), **{f"{there}__in": sessions}
    )
    return people_by_row(rows.values_list(there, "by_id"))


def people_by_row(rows: Iterable[tuple[int | None, ...]]) -> People:
    """The people of each row under its first number."""
    found: People = defaultdict(set)
    for number, *people in rows:
        found[number] |= set(people) - {None}
    return found


def own_duties(charge: Charge, verb: str, by: User) -> list[str]:
    """The rows of the table whose first thing this person has done."""
    keys = DUTIES_OF_MOVE.get(verb, ())
    if keys and not hasattr(charge, "doers"):
        read_doers([charge])
    return [key for key in keys if by.pk in charge.doers[key]]


def second_person_refusal(charge: Charge, verb: str, by: User) -> str | None:
    """The sentence of the table that leaves this move to a second person; None where none does."""
    return next(iter(refused_duties(charge, verb, by).values()), None)


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

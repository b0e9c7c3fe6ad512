"""Where a session stands among the others of its course: first image, order of fractions, codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from authorizations.models import Charge, ChargeStatus, GuidanceSession


def course_order_facts(
    sessions: Iterable[GuidanceSession],
    charges: Mapping[int, Charge],
    session: GuidanceSession,
    charge: Charge,
) -> dict[str, Any]:
    """What the rules ask about the course as a whole; ``charges`` are the live ones by session."""
    sessions = list(sessions)
    return {
        "course_first_imaged_on": min(
            (s.date_of_service for s in sessions if s.image_at), default=None
        ),
        "is_code_charged_earlier": any(
            is_billed_as(charges.get(other.pk), charge.code)
            for other in sessions
            if other.pk != session.pk and place_of(other) < place_of(session)
        ),
        "out_of_order_with": out_of_order_with(sessions, session),
    }


def place_of(session: GuidanceSession) -> tuple[Any, ...]:
    """The place of a session in the order of treatment."""
    return session.started_at, session.fraction, session.pk


def is_billed_as(charge: Charge | None, code: str) -> bool:
    """Whether a live charge is billed in this code."""
    return charge is not None and charge.code == code and charge.status != ChargeStatus.NOT_BILLABLE


def out_of_order_with(sessions: Iterable[GuidanceSession], session: GuidanceSession) -> int | None:
    """A fraction given on a later day though it is numbered before this one, or the reverse."""
    if not session.is_delivered:
        return None
    on, number = session.date_of_service, session.fraction
    wrong = (
        other.fraction
        for other in sessions
        if other.is_delivered
        and (
            (other.fraction < number and other.date_of_service > on)
            or (other.fraction > number and other.date_of_service < on)
        )
    )
    return min(wrong, default=None)

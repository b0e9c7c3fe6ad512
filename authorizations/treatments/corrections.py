"""Putting a recorded session right: the old values are kept, the charge is judged again."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from authorizations.charges.moves import make_charge_move
from authorizations.charges.returns import come_back
from authorizations.exceptions import NotRecorded
from authorizations.models import (
    ChargeStatus,
    Course,
    GuidanceSession,
    ReviewDecision,
    SessionCorrection,
)
from authorizations.treatments.actions import describe_integrity_error
from authorizations.verdicts.clinic_clock import shown_time
from authorizations.verdicts.judge_course import capture_and_judge
from authorizations.verdicts.units import lock_courses

CORRECTABLE = (
    "started_at",
    "is_delivered",
    "modalities",
    "image_at",
    "shift_lr_mm",
    "shift_si_mm",
    "shift_ap_mm",
    "pitch_deg",
    "roll_deg",
    "yaw_deg",
    "machine",
)
IMAGED = frozenset(CORRECTABLE) - {"started_at", "is_delivered", "machine"}


@transaction.atomic
def correct_session(
    *, session: GuidanceSession, by: User, reason: str, **values: Any
) -> GuidanceSession:
    """Change what was recorded wrongly. Raises NotRecorded, also where its charge is released."""
    lock_courses(Course.objects.filter(pk=session.course_id))
    rows = GuidanceSession.objects.select_for_update(of=("self",)).select_related("facility")
    fresh = rows.get(pk=session.pk)
    if not reason.strip():
        raise NotRecorded("Say what was wrong.")
    refuse_settled(fresh)
    changes = [
        [name, corrected_value(fresh, getattr(fresh, name)), corrected_value(fresh, values[name])]
        for name in CORRECTABLE
        if name in values and getattr(fresh, name) != values[name]
    ]
    if not changes:
        return fresh
    refuse_approved(fresh, {name for name, _, _ in changes})
    for name, _, _ in changes:
        setattr(fresh, name, values[name])
    save_session(fresh)
    SessionCorrection.objects.create(session=fresh, changes=changes, reason=reason, by=by)
    if not fresh.modalities:
        withdraw_charges(fresh, by)
    come_back([fresh], by=by, because=f"The session was corrected: {reason}")
    capture_and_judge([fresh], by=by)
    return fresh


def withdraw_charges(session: GuidanceSession, by: User) -> None:
    """Without an image there is no guidance to bill."""
    for charge in session.charges.live():
        make_charge_move(
            charge=charge, verb="void", by=by, reason="No image was taken", is_system=True
        )


def refuse_approved(session: GuidanceSession, names: set[str]) -> None:
    """What the physician approved is not changed underneath the approval."""
    if names & IMAGED and session.reviews.filter(decision=ReviewDecision.APPROVED).exists():
        raise NotRecorded(
            "The physician approved these images and shifts. Take the session back and record it "
            "again; the images are then approved anew."
        )


def refuse_settled(session: GuidanceSession) -> None:
    """A session taken back stays as it was; one whose charge is released needs the coder first."""
    if session.voided_at:
        raise NotRecorded("This session was taken back. Record the fraction again.")
    if session.charges.filter(status=ChargeStatus.RELEASED).exists():
        raise NotRecorded(
            "Its charge is released. A coder voids it first; the correction would change a claim."
        )


def save_session(session: GuidanceSession) -> None:
    try:
        with transaction.atomic():
            session.save()
    except IntegrityError as error:
        raise NotRecorded(describe_integrity_error(error)) from error


def corrected_value(session: GuidanceSession, value: Any) -> Any:
    """A value as it is kept: moments by the facility's clock, with their day if it is another."""
    if hasattr(value, "astimezone"):
        return shown_time(value, session.date_of_service, session.facility.tz)
    if isinstance(value, bool | list) or value is None:
        return value
    return str(value)

"""Change recorded sessions as the record-and-verify system reports: old values and reasons stay."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils import timezone

from accounts.models import User
from authorizations.charges.actions import make_charge_move
from authorizations.imports.bulk_copy import reviewer_of
from authorizations.imports.clinician_lookup import Clinicians
from authorizations.imports.record_changes import RecordChange
from authorizations.imports.record_versions import approved_at
from authorizations.models import GuidanceSession, ImageReview, SessionCorrection
from authorizations.treatments.corrections import corrected_value, withdraw_charges

CORRECTED = "Corrected by the record-and-verify system"
TYPED = "Typed by hand, now as the machine recorded it"


def void_imported_session(number: int, reason: str, by: User) -> int:
    """Void a session and its open charges; return its course, which is to be judged."""
    session = GuidanceSession.objects.select_for_update().get(pk=number)
    if session.voided_at is None:
        for charge in session.charges.live():
            make_charge_move(charge=charge, verb="void", by=by, reason=reason, is_system=True)
        session.voided_at, session.voided_by = timezone.now(), by
        session.void_reason = reason
        session.save(update_fields=["voided_at", "voided_by", "void_reason"])
    return session.course_id


def free_record_numbers(sessions: Collection[int]) -> None:
    """Voided sessions give their record numbers up to the sessions that replace them."""
    rows = GuidanceSession.objects.filter(pk__in=sessions, voided_at__isnull=False)
    rows.update(source_record="")


def correct_by_record(change: RecordChange, by: User, clinicians: Clinicians) -> int:
    """Correct a session; return its course, which is to be judged."""
    rows = GuidanceSession.objects.select_for_update(of=("self",))
    session = rows.select_related("facility", "therapist").get(pk=change.session)
    changes = []
    for name, value in change.values.items():
        new: Any = clinicians.find(value) if name == "therapist" else value
        changes.append(
            [name, corrected_value(session, getattr(session, name)), corrected_value(session, new)]
        )
        setattr(session, name, new)
    if change.is_linked:
        session.source_record = change.record
    session.save()
    if changes:
        SessionCorrection.objects.create(
            session=session,
            changes=changes,
            reason=TYPED if change.is_linked else CORRECTED,
            by=by,
            said_at=change.version.reported_at,
        )
    if not session.modalities:
        withdraw_charges(session, by)
    if change.adds_review:
        add_review(change, session, by, clinicians)
    return session.course_id


def add_review(
    change: RecordChange, session: GuidanceSession, by: User, clinicians: Clinicians
) -> None:
    """The approval that came with the record: a report, unless a machine channel brought it."""
    ImageReview.objects.create(
        session=session,
        reviewed_at=approved_at(change.version.row, session.facility),
        reviewed_by=reviewer_of(change, clinicians),
        recorded_by=by,
        **change.review_facts,
    )

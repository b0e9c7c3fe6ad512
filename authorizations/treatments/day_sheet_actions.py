"""What people do about a day besides recording it: keep what is typed, answer for its gaps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import Facility, User
from authorizations.exceptions import NotRecorded
from authorizations.models import Course, DayGap, PaperEntry, SheetDraft

Rows = dict[str, dict[str, str]]


@transaction.atomic
def keep_draft(
    *, owner: User, facility: Facility, on: date, shown: Iterable[str], typed: Rows
) -> None:
    """Keep what is typed in the rows of a sheet; rows that are empty or saved leave the draft.

    ``shown`` are the rows the sheet had: those of another machine stay as they were kept.
    """
    now = timezone.now()
    SheetDraft.objects.stale(now).delete()
    here = {"owner": owner, "facility": facility, "date_of_service": on}
    standing = SheetDraft.objects.select_for_update().filter(**here).first()
    others = {k: v for k, v in (standing.rows if standing else {}).items() if k not in set(shown)}
    rows = others | typed
    if rows:
        SheetDraft.objects.update_or_create(**here, defaults={"rows": rows})
    elif standing:
        standing.delete()


@transaction.atomic
def drop_draft(*, owner: User, facility: Facility, on: date, row: str | None = None) -> None:
    """Start the sheet afresh, or forget one row of it."""
    mine = SheetDraft.objects.filter(owner=owner, facility=facility, date_of_service=on)
    draft = mine.select_for_update().first()
    if draft is None:
        return
    rows = {key: typed for key, typed in draft.rows.items() if row and key != row}
    if rows:
        draft.rows = rows
        draft.save(update_fields=["rows", "updated_at"])
    else:
        draft.delete()


def draft_of(owner: User, facility: Facility, on: date) -> SheetDraft | None:
    """What this person typed on that sheet and has not saved, unless it is too old."""
    rows = SheetDraft.objects.kept(timezone.now())
    return rows.filter(owner=owner, facility=facility, date_of_service=on).first()


def note_from_paper(*, course: Course, on: date, session_of_day: int, by: User) -> None:
    """Remember that a row was on paper first. Entering it again is the same entry."""
    PaperEntry.objects.get_or_create(
        course=course,
        date_of_service=on,
        session_of_day=session_of_day,
        defaults={"entered_by": by},
    )


@transaction.atomic
def take_gap(*, facility: Facility, on: date, kind: str, subject: str, by: User) -> DayGap:
    """I answer for it; taken by the same person again, it is given back."""
    gap = locked_gap(facility, on, kind, subject)
    is_mine = gap.taken_by_id == by.pk
    gap.taken_at, gap.taken_by = (None, None) if is_mine else (timezone.now(), by)
    gap.save(update_fields=["taken_at", "taken_by"])
    return gap


@transaction.atomic
def settle_gap(
    *, facility: Facility, on: date, kind: str, subject: str, reason: str, by: User
) -> DayGap:
    """Say why it may stand. Raises NotRecorded without a reason."""
    if not reason.strip():
        raise NotRecorded("Say why it may stand.")
    gap = locked_gap(facility, on, kind, subject)
    gap.settled_at, gap.settled_by, gap.reason = timezone.now(), by, reason
    gap.save(update_fields=["settled_at", "settled_by", "reason"])
    return gap


def locked_gap(facility: Facility, on: date, kind: str, subject: str) -> DayGap:
    here = {"facility": facility, "date_of_service": on, "kind": kind, "subject": subject}
    DayGap.objects.get_or_create(**here)
    return DayGap.objects.select_for_update().get(**here)

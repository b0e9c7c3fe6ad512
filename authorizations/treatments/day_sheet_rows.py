"""The day sheet as it is asked for and shown: which facility's day, and what stands in each row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse

from accounts.models import Facility
from accounts.past import clock
from accounts.roles import Permission, has_permission
from accounts.scoping import facilities_of
from accounts.web.query_values import NotKnownHere, asked_choice, asked_date, unknown
from authorizations.courses.schedule import Slot, slots_on
from authorizations.models import MissedReason
from authorizations.treatments.day_sheet_forms import SessionRowForm, modality_choices, shown_values
from authorizations.treatments.unsaved_rows import left_forms, posted_keys
from authorizations.treatments.waiting_reviews import with_whom_they_wait_for
from authorizations.verdicts.image_reviews import approvals
from authorizations.verdicts.status import (
    AuthorizationOnDay,
    SessionVerdict,
    authorizations_on,
    session_verdicts,
)
from authorizations.web.modality_labels import NO_IMAGE, modality_label

COLUMNS = 13


@dataclass
class Sheet:
    """Which sheet is asked for: a facility's day, all of it or one machine's."""

    facility: Facility
    facilities: list[Facility]
    on: date
    today: date
    now: datetime
    machine: str
    is_everyone: bool
    may_record: bool
    left_out: int = 0

    def slots(self) -> list[Slot]:
        """The rows of the sheet; a patient without a machine yet stands on every machine's."""
        found, self.left_out = slots_on(
            self.facility, self.on, today=self.today, is_everyone=self.is_everyone
        )
        return [s for s in found if not self.machine or s.machine in ("", self.machine)]

    def url(self, page: str = "day_sheet", **changes: Any) -> str:
        """The address of this sheet, of one beside it, or of a page about it."""
        asked = {
            "facility": self.facility.code,
            "date": self.on.isoformat(),
            "machine": self.machine,
            "all": "1" if self.is_everyone else "",
            **changes,
        }
        return f"{reverse(page)}?{urlencode({k: v for k, v in asked.items() if v})}"

    @property
    def missed_reasons(self) -> list[tuple[str, str]]:
        """Why nothing may have happened."""
        return MissedReason.choices

    @property
    def is_to_come(self) -> bool:
        return self.on > self.today


@dataclass
class Row:
    """One row as shown: recorded and read-only, or open with what stands in its fields."""

    slot: Slot
    standing: AuthorizationOnDay | None
    verdict: SessionVerdict | None = None
    is_open: bool = False
    is_reviewed: bool = False
    is_draft: bool = False
    has_cursor: bool = False
    modality: str = ""
    modalities: list[tuple[str, str]] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def asked_sheet(request: HttpRequest) -> Sheet | None:
    """The sheet of the address: the first facility and today where it names none.

    Raises Http404 and NotKnownHere. What is sent is answered row by row, so that the sheet of a
    machine that is gone counts as the whole sheet.
    """
    facilities = list(facilities_of(request.user, Permission.READ_CASES).filter(is_active=True))
    facility = chosen_facility(request.GET.get("facility", ""), facilities)
    if facility is None:
        return None
    now = clock.now()
    today = now.astimezone(facility.tz).date()
    machine = request.GET.get("machine", "")
    if request.method == "POST" and machine not in facility.machines:
        machine = ""
    return Sheet(
        facility=facility,
        facilities=facilities,
        on=asked_date(request.GET.get("date", ""), today),
        today=today,
        now=now,
        machine=asked_choice(machine, facility.machines, "Machine"),
        is_everyone=request.GET.get("all") == "1",
        may_record=has_permission(request.user, Permission.RECORD_SESSIONS, facility),
    )


def chosen_facility(code: str, facilities: list[Facility]) -> Facility | None:
    """The facility of that code in the person's scope; their first one where none is named.

    Raises Http404 for one outside their scope, NotKnownHere for one that does not exist.
    """
    if not code:
        return facilities[0] if facilities else None
    found = next((f for f in facilities if f.code == code), None)
    if found is None and Facility.objects.filter(code=code).exists():
        raise Http404
    if found is None:
        raise NotKnownHere(unknown("Facility", code))
    return found


@dataclass
class Sent:
    """A sheet as it was sent: the rows that it still has, and those that have left it meanwhile."""

    sheet: Sheet
    forms: list[SessionRowForm]
    left: list[SessionRowForm]

    @property
    def keys(self) -> list[str]:
        """Every row that was sent with something to answer for."""
        return [form.slot.key for form in (*self.forms, *self.left)]


def sent_rows(sheet: Sheet, data: Mapping[str, Any]) -> Sent:
    """What was sent for each row, whatever machine or day it would be listed under by now."""
    keys, whole = posted_keys(data), replace(sheet, machine="", is_everyone=True)
    slots = {slot.key: slot for slot in whole.slots()} if keys else {}
    here = {"facility": sheet.facility, "on": sheet.on, "now": sheet.now}
    forms = [SessionRowForm(data, slot=slots[key], **here) for key in keys if key in slots]
    return Sent(sheet, forms, left_forms([k for k in keys if k not in slots], data, **here))


def day_sheet_rows(
    sheet: Sheet,
    slots: list[Slot],
    unsaved: dict[str, SessionRowForm],
    drafted: dict[str, dict[str, str]],
) -> list[Row]:
    """The rows with their authorization, verdict and fields, in a fixed number of queries."""
    sessions = [slot.session for slot in slots if slot.session]
    verdicts = with_whom_they_wait_for(session_verdicts(sessions), sheet.now)
    reviewed = approvals(sessions)
    standing = authorizations_on({slot.course.pk: slot.course for slot in slots}.values(), sheet.on)
    rows = []
    for slot in slots:
        row = Row(slot, standing.get(slot.course.pk))
        if slot.session:
            row.verdict = verdicts[slot.session.pk]
            row.is_reviewed = slot.session.pk in reviewed
            row.modality = modality_label("+".join(slot.session.modalities) or NO_IMAGE)
        fill(row, sheet, unsaved.get(slot.key), drafted.get(slot.key, {}))
        rows.append(row)
    put_cursor(rows)
    return rows


def put_cursor(rows: list[Row]) -> None:
    """Where typing begins: the first row that is wrong, else the first that is still empty."""
    waiting = [row for row in rows if row.is_open]
    chosen = [row for row in waiting if row.errors] or [
        row for row in waiting if not row.values.get("delivered")
    ]
    for row in chosen[:1]:
        row.has_cursor = True


def fill(row: Row, sheet: Sheet, form: SessionRowForm | None, drafted: dict[str, str]) -> None:
    """Open the row where something can be or was typed; typed text stays as it was typed."""
    is_open = not row.slot.session and not row.slot.missed
    can_type = sheet.may_record and not sheet.is_to_come and is_open
    row.is_open = bool(form) or can_type
    if not row.is_open:
        return
    row.modalities = modality_choices(row.slot)
    row.values = shown_values(row.slot, sheet.facility) | drafted
    row.is_draft = bool(drafted) and not form
    if form:
        row.values = {name: form.typed(name) for name in form.fields}
        row.errors = first_errors(form) if form.is_bound and form._errors is not None else {}


def first_errors(form: SessionRowForm) -> dict[str, str]:
    """One sentence for each field that is wrong, and for the row."""
    return {name.strip("_"): str(errors[0]) for name, errors in form.errors.items()}


def summary(rows: list[Row]) -> dict[str, int]:
    """What is recorded, reviewed and judged of the day, and what is still open."""
    recorded = [row for row in rows if row.slot.session]
    missed = sum(row.slot.missed is not None for row in rows)
    imaged = [row for row in recorded if row.slot.session.modalities]
    return {
        "due": len(rows),
        "recorded": len(recorded),
        "missed": missed,
        "open": len(rows) - len(recorded) - missed,
        "unreviewed": sum(not row.is_reviewed for row in imaged),
        "stopped": sum(row.verdict.tone in ("bad", "warn") for row in imaged),
    }

"""What a therapist types to put a recorded session right."""

from __future__ import annotations

from typing import Any

from django import forms

from authorizations.day import Slot
from authorizations.forms.changes import bare
from authorizations.forms.day_sheet import NO_IMAGE, SHIFTS, SessionRowForm
from authorizations.models import GuidanceSession


class SessionCorrectionForm(SessionRowForm):
    """A recorded session as it should have been, and what was wrong."""

    reason = forms.CharField(
        label="What was wrong",
        max_length=200,
        error_messages={"required": "Say what was wrong."},
    )

    def __init__(self, *args: Any, session: GuidanceSession, **options: Any) -> None:
        slot = Slot(session.course, session.fraction, session.session_of_day, session=session)
        super().__init__(
            *args, slot=slot, facility=session.facility, on=session.date_of_service, **options
        )
        self.prefix = None
        for name in ("fraction", "rotations"):
            del self.fields[name]
        self.helper = bare()

    def facts(self) -> dict[str, Any]:
        """The values that may be corrected."""
        values = self.cleaned_data
        modality = values["modality"]
        return {
            "started_at": self.moment(values["start_time"]),
            "is_delivered": values["delivered"] == "yes",
            "modalities": [] if modality == NO_IMAGE else modality.split("+"),
            "image_at": self.moment(values["image_time"]),
            **{f"{name}_mm": values[name] for name in SHIFTS},
            "machine": values["machine"],
        }


def recorded_values(session: GuidanceSession) -> dict[str, Any]:
    """What stands in the form of a correction: the session as recorded."""
    zone = session.facility.tz
    return {
        "delivered": "yes" if session.is_delivered else "no",
        "start_time": session.started_at.astimezone(zone).strftime("%H:%M"),
        "modality": "+".join(session.modalities) or NO_IMAGE,
        "image_time": session.image_at.astimezone(zone).strftime("%H:%M")
        if session.image_at
        else "",
        "shift_lr": session.shift_lr_mm,
        "shift_si": session.shift_si_mm,
        "shift_ap": session.shift_ap_mm,
        "machine": session.machine,
    }

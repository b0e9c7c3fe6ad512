"""What a therapist types to put a recorded session right, or to take it back."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Layout
from django import forms

from authorizations.courses.forms import row
from authorizations.courses.schedule import Slot
from authorizations.models import GuidanceSession
from authorizations.prior_authorizations.coverage_change_forms import bare
from authorizations.treatments.day_sheet_forms import SHIFTS, TURNS, SessionRowForm
from authorizations.web.modality_labels import NO_IMAGE


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
        del self.fields["fraction"]
        self.fields["delivered"].choices = (("yes", "Yes"), ("no", "No"))
        for name in SHIFTS:
            self.fields[name].label += " (mm)"
        self.fields[
            "times_confirmed"
        ].label = "The image was taken after the treatment began, and these times are right"
        self.fields["rotations"].label = "Pitch, roll, yaw (°)"
        self.helper = bare()
        self.helper.layout = Layout(
            row("delivered", "start_time", "machine"),
            row("modality", "image_time", "rotations"),
            row(*SHIFTS),
            "times_confirmed",
            "reason",
        )

    def facts(self) -> dict[str, Any]:
        """The values that may be corrected."""
        values, times = self.cleaned_data, self.times()
        modality = values["modality"]
        return {
            "started_at": times.started_at,
            "is_delivered": values["delivered"] == "yes",
            "modalities": [] if modality == NO_IMAGE else modality.split("+"),
            "image_at": times.image_at,
            **{f"{name}_mm": values[name] for name in SHIFTS},
            **dict(zip(TURNS, values["rotations"] or [None] * len(TURNS), strict=True)),
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
        "rotations": turns(session),
        "machine": session.machine,
    }


def turns(session: GuidanceSession) -> str:
    """The three rotations as they are typed; empty where one is missing."""
    values = [getattr(session, name) for name in TURNS]
    return "" if None in values else " ".join(str(value) for value in values)


class SessionVoid(forms.Form):
    """Why a session is taken back."""

    reason = forms.CharField(
        max_length=200,
        error_messages={
            "required": "Say why this session is taken back.",
            "max_length": "Two hundred characters at most.",
        },
    )

"""What a therapist types: the rows of the day sheet."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Facility
from authorizations.courses.schedule import Slot
from authorizations.exchange.row_reader import RowRefused, parse_measure, parse_time
from authorizations.models import LARGEST_ROTATION_DEGREES, LARGEST_SHIFT_MM, MissedReason
from authorizations.verdicts.clinic_clock import TreatmentTimes, treatment_times
from authorizations.web.modality_labels import modality_label
from coding.rules.modalities import MODALITIES, is_tracking

NO_IMAGE = "none"
SHIFTS = ("shift_lr", "shift_si", "shift_ap")
TURNS = ("pitch_deg", "roll_deg", "yaw_deg")
CLOCKS_DIFFER = timedelta(minutes=15)
MOMENTS = {"start_time": "started_at", "image_time": "image_at"}
PROOF_OF_TYPING = ("delivered", "image_time", *SHIFTS, "rotations")


class ClockField(forms.CharField):
    """A time of day by the facility's clock; 935 and 9:35 are as good as 09:35."""

    def to_python(self, value: str | None) -> time | None:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse_time(written_out(text), str(self.label)).replace(tzinfo=None)
        except RowRefused as refusal:
            raise ValidationError(refusal.sentence) from refusal


def written_out(text: str) -> str:
    """9:35 and 935 as 09:35; anything else as it is."""
    found = re.fullmatch(r"(\d{1,2})[:.]?(\d\d)", text)
    return f"{int(found[1]):02}:{found[2]}" if found else text


class MeasureField(forms.CharField):
    """A signed number with one decimal, in millimetres or degrees."""

    def __init__(self, *, unit: str, limit: int, **options: Any) -> None:
        super().__init__(required=False, **options)
        self.unit, self.limit = unit, limit

    def to_python(self, value: str | None) -> Decimal | None:
        text = super().to_python(value)
        return self.number(text) if text else None

    def number(self, text: str) -> Decimal:
        if not re.fullmatch(r"[+-]?\d{0,9}[.]?\d{0,9}", text):
            message = f"{self.label} “{text}” is not a number of {self.unit}, such as -3.7."
            raise ValidationError(message)
        try:
            return parse_measure(text, str(self.label), self.unit, self.limit, ("bad", "huge"))
        except RowRefused as refusal:
            raise ValidationError(refusal.sentence) from refusal


class TurnsField(MeasureField):
    """Pitch, roll and yaw in one go: three numbers with spaces between them."""

    def to_python(self, value: str | None) -> list[Decimal] | None:
        text = forms.CharField.to_python(self, value)
        if not text:
            return None
        parts = text.split()
        if len(parts) != len(TURNS):
            message = "Type pitch, roll and yaw with spaces between them, such as 0.4 -0.7 1."
            raise ValidationError(message)
        return [self.number(part) for part in parts]


def shift_field(label: str) -> MeasureField:
    return MeasureField(unit="mm", limit=LARGEST_SHIFT_MM, label=label)


class SessionRowForm(forms.Form):
    """One row of the day sheet as typed. Times are the facility's own; shifts mm, rotations °."""

    delivered = forms.ChoiceField(
        choices=(("yes", "Yes"), ("no", "No"), *MissedReason.choices),
        error_messages={"required": "Say whether the treatment was delivered: yes or no."},
    )
    fraction = forms.IntegerField(
        min_value=1,
        error_messages={
            "required": "Type the number of the fraction.",
            "invalid": "The fraction is a whole number.",
            "min_value": "Fractions are counted from 1.",
        },
    )
    start_time = ClockField(
        label="Start time", error_messages={"required": "Type the time the treatment began."}
    )
    modality = forms.ChoiceField(
        error_messages={
            "required": "Choose the modality, or “No image”.",
            "invalid_choice": "Modality “%(value)s” is not known. Choose one of the list.",
        }
    )
    image_time = ClockField(label="Image time", required=False)
    shift_lr = shift_field("Left–right")
    shift_si = shift_field("Superior–inferior")
    shift_ap = shift_field("Anterior–posterior")
    rotations = TurnsField(unit="degrees", limit=LARGEST_ROTATION_DEGREES, label="Rotation")
    times_confirmed = forms.BooleanField(required=False, label="These times are right")
    machine = forms.ChoiceField(
        error_messages={
            "required": "Choose the machine.",
            "invalid_choice": "Machine “%(value)s” is not at this facility.",
        }
    )

    def __init__(
        self,
        *args: Any,
        slot: Slot,
        facility: Facility,
        on: date,
        now: datetime | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, prefix=f"row-{slot.key}", **options)
        self.slot, self.facility, self.on, self.now = slot, facility, on, now
        self.fields["modality"].choices = modality_choices(slot)
        machines = facility.machines
        if machines:
            self.fields["machine"].choices = [(name, name) for name in machines]
        else:
            self.fields["machine"] = forms.CharField(max_length=16)

    def typed(self, name: str) -> str:
        """What stands in a field, as it was sent."""
        return str(self.data.get(self.add_prefix(name), "")).strip()

    def text(self) -> dict[str, str]:
        """Everything that stands in the row, as it was sent."""
        return {name: self.typed(name)[:60] for name in self.fields}

    @property
    def is_sent(self) -> bool:
        """Whether the sheet that was sent has this row."""
        return self.add_prefix("fraction") in self.data

    @property
    def is_touched(self) -> bool:
        """Whether something was typed or changed in this row."""
        if any(self.typed(name) for name in PROOF_OF_TYPING):
            return True
        if self.slot.session or not self.is_sent:
            return False
        shown = shown_values(self.slot, self.facility)
        return any(self.typed(name) != str(value) for name, value in shown.items())

    @property
    def missed_for(self) -> str:
        """Why nothing happened, where that is what was chosen."""
        chosen = self.cleaned_data.get("delivered", "")
        return chosen if chosen in MissedReason.values else ""

    def clean_fraction(self) -> int:
        number, planned = self.cleaned_data["fraction"], self.slot.course.fractions_planned
        if number > planned:
            raise ValidationError(f"Fraction {number} is not one of the {planned} planned.")
        return number

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if self.missed_for:
            self.check_nothing_happened()
            return values
        self.check_has_happened()
        self.check_order_of_times()
        is_imaged = values.get("modality") != NO_IMAGE
        given = [values.get(name) is not None for name in SHIFTS]
        if not is_imaged and values.get("delivered") == "no":
            self.add_error(
                "delivered",
                "Neither imaged nor treated: there is nothing to record. Clear the row.",
            )
        if not is_imaged and (any(given) or values.get("image_time")):
            self.add_error("modality", "There is an image time or a shift: choose the modality.")
        if any(given) and not all(given) and not any(name in self.errors for name in SHIFTS):
            missing = SHIFTS[given.index(False)]
            self.add_error(missing, "Type all three shifts, 0 where there was none.")
        return values

    def check_has_happened(self) -> None:
        """What is still to come today is not recorded yet."""
        for name in ("start_time", "image_time"):
            at, moment = self.cleaned_data.get(name), getattr(self.times(), MOMENTS[name])
            if at and self.now and moment > self.now + CLOCKS_DIFFER:
                self.add_error(name, f"{at:%H:%M} is still to come: record it once it is done.")

    def check_order_of_times(self) -> None:
        """An image after the beam is asked about: a wrong clock is the usual reason."""
        times, is_given = self.times(), self.cleaned_data.get("delivered") == "yes"
        image, start = times.image_at, times.started_at
        if not is_given or not image or not start or image <= start or self.is_tracking:
            return
        if not self.cleaned_data.get("times_confirmed"):
            zone = self.facility.tz
            self.add_error(
                "times_confirmed",
                f"The image, {image.astimezone(zone):%H:%M}, is after the treatment began, "
                f"{start.astimezone(zone):%H:%M}. Correct the clock that is wrong; or tick that "
                "these times are right, and a coder holds the charge.",
            )

    @property
    def is_tracking(self) -> bool:
        """Whether the modality watches during the beam."""
        return is_tracking(self.cleaned_data.get("modality", "").split("+"))

    def times(self) -> TreatmentTimes:
        """The typed times as moments."""
        given = self.cleaned_data.get
        return treatment_times(
            self.on, self.facility.tz, starts=given("start_time"), imaged=given("image_time")
        )

    def check_nothing_happened(self) -> None:
        """Nothing else is needed then, and no image or shift can be right."""
        for name in self.fields.keys() - {"delivered"}:
            self.errors.pop(name, None)
        if any(self.typed(name) for name in ("image_time", *SHIFTS, "rotations")):
            self.add_error(
                "delivered",
                "There is an image time or a shift: choose No, or clear them.",
            )

    def facts(self) -> dict[str, Any]:
        """The session as record_session takes it."""
        values, times = self.cleaned_data, self.times()
        modality = values["modality"]
        return {
            "facility": self.facility,
            "machine": values["machine"],
            "date_of_service": self.on,
            "fraction": values["fraction"],
            "session_of_day": self.slot.session_of_day,
            "started_at": times.started_at,
            "is_delivered": values["delivered"] == "yes",
            "delivery_code": self.slot.course.delivery_code,
            "modalities": [] if modality == NO_IMAGE else modality.split("+"),
            "image_at": times.image_at,
            **{f"{name}_mm": values[name] for name in SHIFTS},
            **dict(zip(TURNS, values["rotations"] or [None] * len(TURNS), strict=True)),
        }


def modality_choices(slot: Slot) -> list[tuple[str, str]]:
    """The course's own modality first, then the others; a former pair of them stays on offer."""
    usual = usual_modality(slot)
    names = dict.fromkeys([usual, *MODALITIES, NO_IMAGE])
    return [(name, modality_label(name)) for name in names]


def usual_modality(slot: Slot) -> str:
    """What this or the previous fraction was imaged with, else what the course is planned with."""
    source = slot.session or slot.previous
    return "+".join(source.modalities if source else []) or slot.course.guidance_modality


def shown_values(slot: Slot, facility: Facility) -> dict[str, Any]:
    """What an untouched row shows: the previous fraction's modality, machine and start."""
    only = facility.machines[0] if len(facility.machines) == 1 else ""
    return {
        "fraction": slot.fraction,
        "start_time": slot.starts.strftime("%H:%M") if slot.starts else "",
        "modality": usual_modality(slot),
        "machine": slot.machine or only,
    }

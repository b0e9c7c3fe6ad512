"""Where in a message a value stands: FT1-3, PV1-3.4, OBX FRACTION, or a constant as =TB1.

The places of our own interface are ``OUR_PLACES``; a sender with other habits has a mapping.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from accounts.readers import shown_text
from authorizations.exchange.hl7 import Message, Segment
from authorizations.exchange.refusals import RowRefused
from authorizations.exchange.treatments_csv import SHIFTS

PLACE = re.compile(r"([A-Z][A-Z0-9]{2})-(\d{1,2})(?:\.(\d{1,2}))?", re.ASCII)
OBSERVATION = re.compile(r"OBX (\S.{0,60})")
ALTERNATIVE = " or "
OUR_PLACES = {
    "record_id": "FT1-2",
    "facility": "PV1-3",
    "machine": "PV1-3.2",
    "date": "FT1-4",
    "start_time": "FT1-4",
    "mrn": "PID-3",
    "course": "PV1-19 or PV1-20",
    "fraction": "OBX FRACTION",
    "session_of_day": "OBX SESSION_OF_DAY",
    "delivered": "OBX DELIVERED",
    "delivery_code": "OBX DELIVERY_CODE",
    "image_modality": "OBX IMAGE_MODALITY",
    "image_time": "OBX IMAGE_TIME",
    "end_time": "OBX END_TIME",
    "shift_lr_mm": "OBX SHIFT_LR",
    "shift_si_mm": "OBX SHIFT_SI",
    "shift_ap_mm": "OBX SHIFT_AP",
    "pitch_deg": "OBX PITCH",
    "roll_deg": "OBX ROLL",
    "yaw_deg": "OBX YAW",
    "therapist": "OBX THERAPIST",
    "reviewed_by_npi": "OBX REVIEWED_BY",
    "reviewed_by": "OBX REVIEWED_BY_NAME",
    "reviewed_at": "OBX REVIEWED_AT",
}
WITHDRAWN = ("D", "X", "W")  # OBX-11: deleted, cannot be obtained, posted as wrong
DEGREES = ("", "deg", "degrees", "°")
MILLIMETRES = ("", "mm")
CENTIMETRES = ("", "cm")


@dataclass(frozen=True, slots=True)
class Sender:
    """How one sender's messages say what we ask for. ``places``: our column → where it stands."""

    facility: str = ""
    places: Mapping[str, str] = field(default_factory=lambda: OUR_PLACES)
    shift_unit: str = "mm"
    words: Mapping[str, str] = field(default_factory=dict)  # theirs in lower case → ours

    @property
    def is_mapped(self) -> bool:
        """Whether somebody said where this sender's values stand."""
        return self.places is not OUR_PLACES

    def observations(self) -> set[str]:
        """The names of OBX-3 that are read."""
        places = (p for each in self.places.values() for p in each.split(ALTERNATIVE))
        return {found[1].upper() for place in places if (found := OBSERVATION.fullmatch(place))}


OURS = Sender()


def is_place(text: str) -> bool:
    """Whether a text names a place of a message, several of them, or a constant."""
    if text.startswith("="):
        return len(text.strip()) > 1
    return all(
        PLACE.fullmatch(each) or OBSERVATION.fullmatch(each) for each in text.split(ALTERNATIVE)
    )


def value_at(place: str, message: Message, group: Sequence[Segment]) -> str:
    """What stands at a place, for the charge of this group; empty where nothing does."""
    if place.startswith("="):
        return place[1:].strip()
    return next(
        (v for each in place.split(ALTERNATIVE) if (v := text_at(each, message, group))), ""
    )


def text_at(place: str, message: Message, group: Sequence[Segment]) -> str:
    named = OBSERVATION.fullmatch(place)
    if named:
        observation = observed(named[1], group)
        return observation.whole(5) if observation else ""
    if place == "PID-3":
        return record_number(message)
    found = PLACE.fullmatch(place)
    if not found:
        return ""
    inside = [segment for segment in group if segment.name == found[1]]
    outside = message.first(found[1]) if found[1] not in ("FT1", "OBX") else None
    segment = inside[0] if inside else outside
    return segment.text(int(found[2]), int(found[3] or 1)) if segment else ""


def observed(name: str, group: Sequence[Segment]) -> Segment | None:
    """The last observation of that name (OBX-3, code or text) that its sender did not withdraw."""
    wanted = name.upper()
    fitting = [
        segment
        for segment in group
        if segment.name == "OBX"
        and wanted in (segment.text(3).upper(), segment.text(3, 2).upper())
        and segment.text(11) not in WITHDRAWN
    ]
    return fitting[-1] if fitting else None


def record_number(message: Message) -> str:
    """The patient's MRN: the identifier of type MR in PID-3, the only one there, or PID-2.

    Raises RowRefused where several fit: which of two patients is meant is not guessed.
    """
    patient = message.first("PID")
    if patient is None:
        return ""
    given = [each for each in patient.repetitions(3) if patient.component_of(each, 1)]
    if not given:
        return patient.text(2)
    typed = [each for each in given if patient.component_of(each, 5).upper() == "MR"]
    chosen = typed or [each for each in given if not patient.component_of(each, 5)] or given
    numbers = {patient.component_of(each, 1) for each in chosen}
    if len(numbers) > 1:
        sentence = "PID-3 holds several numbers that may be the MRN. Send one of type MR (PID-3.5)."
        raise RowRefused("several_mrns", sentence)
    return numbers.pop()


def check_unit(column: str, sender: Sender, group: Sequence[Segment]) -> None:
    """Shifts come in the unit agreed, rotations in degrees; nothing is converted silently."""
    named = OBSERVATION.fullmatch(sender.places.get(column, ""))
    observation = observed(named[1], group) if named else None
    unit = observation.text(6) if observation else ""
    shifts = CENTIMETRES if sender.shift_unit == "cm" else MILLIMETRES
    if column in SHIFTS and unit not in shifts:
        what = "centimetres (OBX-6 cm)" if sender.shift_unit == "cm" else "millimetres (OBX-6 mm)"
        sentence = f"{observation_name(observation)} is in {shown_text(unit)}. Send {what}."
        raise RowRefused("bad_unit", sentence)
    if column.endswith("_deg") and unit not in DEGREES:
        shown = shown_text(unit)
        sentence = f"{observation_name(observation)} is in {shown}. Send degrees (OBX-6 deg)."
        raise RowRefused("bad_unit", sentence)


def observation_name(observation: Segment | None) -> str:
    return shown_text(observation.text(3)) if observation else ""

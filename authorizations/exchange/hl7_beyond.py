"""What a message says beyond the values of a session: kept with the row, compared with it."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.readers import shown_text
from authorizations.exchange.hl7 import Message, Segment
from authorizations.exchange.hl7_places import OBSERVATION, Sender
from authorizations.exchange.treatments_csv import TreatmentRow
from coding.rules.common import GUIDANCE_CODES, guidance_codes_on

# Of PID the numbers, name, birth date and sex; address, telephone and social security number are
# nobody's need here.
KEPT_OF_PATIENT = (1, 2, 3, 4, 5, 7, 8, 18)
ONE = ("", "1", "1.0", "1.00")
CHARGED = ("FT1-7", "FT1-25")


def kept_of(message: Message, group: Sequence[Segment], sender: Sender) -> str:
    """The segments of a charge, and those of its message that are of no other charge.

    Observations that become values of the session are not kept twice.
    """
    names = sender.observations()
    return "\r".join(
        patient_part(segment) if segment.name == "PID" else segment.raw
        for segment in message.segments
        if segment.name != "MSH"
        and (is_shared(segment, message) or segment in group)
        and not (segment.name == "OBX" and name_of(segment) in names)
    )


def is_shared(segment: Segment, message: Message) -> bool:
    """Whether a segment belongs to the whole message: no FT1, and no OBX behind one."""
    if segment.name == "FT1":
        return False
    charge = message.first("FT1")
    return segment.name != "OBX" or charge is None or segment.line < charge.line


def patient_part(segment: Segment) -> str:
    last = max(KEPT_OF_PATIENT)
    fields = [segment.field(n) if n in KEPT_OF_PATIENT else "" for n in range(1, last + 1)]
    return segment.marks.field.join(["PID", *fields]).rstrip(segment.marks.field)


def charged_code(charge: Segment) -> str:
    """The code that FT1 charges: FT1-7, else FT1-25."""
    return (charge.text(7) or charge.text(25)).upper()


def passed_over(group: Sequence[Segment], sender: Sender) -> str:
    """Why a charge is none of a guided session, in a sentence; empty where it may be one."""
    code = charged_code(group[0])
    if not code:
        return ""
    if is_charged(sender.places.get("delivery_code", "")):
        return GUIDANCE_BESIDE.format(code) if code in GUIDANCE_CODES else ""
    names = sender.observations()
    has_values = any(name_of(each) in names for each in group[1:])
    if code in GUIDANCE_CODES or has_values:
        return ""
    return f"Passed over: FT1-7 charges {shown_text(code)}, which is no image guidance."


GUIDANCE_BESIDE = (
    "Passed over: FT1-7 charges {}; by the mapping of this sender the session is read from the "
    "charge of its delivery."
)


def is_charged(place: str) -> bool:
    """Whether a place is the code that FT1 charges."""
    return not OBSERVATION.fullmatch(place) and place.split(".")[0] in CHARGED


def name_of(observation: Segment) -> str:
    return observation.text(3).upper()


def contradictions(charge: Segment, row: TreatmentRow) -> str:
    """Where FT1 charges other than what this session is billed with; empty where it does not."""
    code, quantity = charged_code(charge), charge.text(10)
    parts = []
    if code and code not in guidance_codes_on(row.date_of_service) and code != row.delivery_code:
        parts.append(f"the code {shown_text(code)} (FT1-7), no guidance code of this day,")
    if quantity not in ONE:
        parts.append(f"a quantity of {shown_text(quantity)} (FT1-10), where one unit is billed")
    if not parts:
        return ""
    said = " and ".join(parts).rstrip(",")
    return f"The sender charges {said}. Compare before the charge is released."

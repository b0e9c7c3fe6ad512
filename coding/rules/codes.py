"""The charge of a session is guidance: which code it may carry, and where 77439 fits."""

from __future__ import annotations

from coding.rules.book import Answer, Severity, rule
from coding.rules.common import (
    FACILITY_SETTINGS,
    NEW_CODES_BEGIN,
    OFFICE_SETTINGS,
    SUPERFICIAL,
    SURFACE_GUIDANCE,
    is_guidance,
    same_day,
)
from coding.rules.eras import PORT_IMAGE, is_delivery_in_hospital
from coding.rules.facts import ChargeFacts


def has_rule_of_its_own(facts: ChargeFacts) -> bool:
    """Delivery in a hospital (R17) and Medicare's port image (R40) have their own."""
    is_port_image = facts.line.code == PORT_IMAGE and facts.payer.is_medicare_ffs
    is_bundled = is_port_image and facts.date_of_service >= NEW_CODES_BEGIN
    return is_delivery_in_hospital(facts) or is_bundled


@rule(
    "R60",
    "not-a-guidance-code",
    "The session is charged as something else than guidance",
    severity=Severity.STOP,
    confidence="A",
    source="rvu-2026",
    likely_denial=("B15", "CO-107"),
)
def not_a_guidance_code(facts: ChargeFacts) -> Answer:
    code = facts.line.code
    if is_guidance(facts) or has_rule_of_its_own(facts):
        return None
    return f"{code} is not image guidance. Void this charge; that service is charged elsewhere."


@rule(
    "R61",
    "surface-guidance-alone",
    "77439 without ultrasound placement of a superficial treatment",
    severity=Severity.STOP,
    confidence="A",
    source="rvu-2026",
    likely_denial=("B15", "CO-107"),
)
def surface_guidance_alone(facts: ChargeFacts) -> Answer:
    if facts.line.code != SURFACE_GUIDANCE:
        return None
    if facts.date_of_service < NEW_CODES_BEGIN:
        return "77439 is valid from 2026-01-01; bill the code that was valid on this day."
    if same_day(facts, SUPERFICIAL) is None:
        return "77439 is an add-on to 77437 or 77438, and neither was given that day."
    if "ultrasound" not in facts.session.modalities:
        return "77439 is placement by ultrasound, and no ultrasound was taken."
    return None


@rule(
    "R62",
    "surface-guidance-once-per-course",
    "77439 more than once in a course",
    severity=Severity.STOP,
    confidence="C",
    source="surface-guidance",
    likely_denial=("CO-151",),
    effective_from=NEW_CODES_BEGIN,
)
def surface_guidance_once_per_course(facts: ChargeFacts) -> Answer:
    if facts.line.code != SURFACE_GUIDANCE or not facts.session.is_code_charged_earlier:
        return None
    return "77439 is charged for an earlier session of this course: it is reported once."


@rule(
    "R76",
    "place-without-an-answer",
    "The place of service is not where treatment is given",
    severity=Severity.HOLD,
    confidence="D",
    source="field",
    likely_denial=("CO-5",),
)
def place_without_an_answer(facts: ChargeFacts) -> Answer:
    line = facts.line
    if line.claim_type != "837P" or line.place_of_service in FACILITY_SETTINGS | OFFICE_SETTINGS:
        return None
    return (
        f"Place of service {line.place_of_service} is neither an office nor a hospital: guidance "
        "is billed from where the beam was given."
    )


@rule(
    "R78",
    "delivery-code-not-valid",
    "The delivery code of the session is not valid that day",
    severity=Severity.WARN,
    confidence="D",
    source="field",
    likely_denial=("CO-181",),
)
def delivery_code_not_valid(facts: ChargeFacts) -> Answer:
    code, status = facts.session.delivery_code, facts.session.delivery_code_status
    if not facts.session.is_delivered or status not in ("deleted", "unknown"):
        return None
    why = "was not valid" if status == "deleted" else "is in no book of codes"
    return (
        f"The session names delivery {code}, which {why} on this day: what guidance may stand "
        "beside cannot be told until the therapist corrects it."
    )


@rule(
    "R58",
    "level-three-needs-more-than-guidance",
    "Delivery level 3 because of guidance alone",
    severity=Severity.WARN,
    confidence="C",
    source="hcn-2026",
    likely_denial=("CO-150",),
    effective_from=NEW_CODES_BEGIN,
)
def level_three_needs_more_than_guidance(facts: ChargeFacts) -> Answer:
    session = facts.session
    if session.delivery_code != "77412" or session.has_motion_management is not False:
        return None
    return (
        "77412 without active motion management on the course: several isocenters, electrons or "
        "gating must be documented, or the payer pays 77407."
    )

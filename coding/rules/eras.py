"""Which code is valid on the date of service: 2015, 2026, and what is not yet loaded."""

from __future__ import annotations

from datetime import date

from coding.rules.book import Answer, Correction, Milder, Severity, rule
from coding.rules.common import (
    DELIVERY,
    FACILITY_SETTINGS,
    GUIDANCE_BEGINS,
    LEGACY_DELIVERY,
    LEGACY_ENDS,
    LEGACY_GUIDANCE,
    NEW_CODES_BEGIN,
    PRESENT_GUIDANCE,
    has,
    is_guidance,
    same_day,
    takes_old_codes,
    with_26,
    without,
)
from coding.rules.facts import GUIDANCE, ChargeFacts
from coding.rules.modalities import kinds, legacy_code

PORT_IMAGE = "77417"


@rule(
    "R01",
    "guidance-before-2015",
    "77387 is billed for a day before it existed",
    severity=Severity.STOP,
    confidence="B",
    source="astro-2016",
    likely_denial=("CO-181",),
    effective_through=date(2014, 12, 31),
)
def guidance_before_2015(facts: ChargeFacts) -> Answer:
    if facts.line.code != GUIDANCE:
        return None
    return "77387 is valid from 2015-01-01; bill the code that was valid on this date of service."


def is_medicares(facts: ChargeFacts) -> bool:
    """Medicare before 2026, or a Medicare Advantage plan that followed its codes."""
    return facts.payer.is_medicare and takes_old_codes(facts.payer)


@rule(
    "R02",
    "medicare-legacy-era",
    "77387 is billed to Medicare for a day before 2026",
    severity=Severity.STOP,
    confidence="A",
    source="rvu-2025",
    likely_denial=("CO-96", "CO-181", "N56"),
    effective_from=GUIDANCE_BEGINS,
    effective_through=LEGACY_ENDS,
)
def medicare_legacy_era(facts: ChargeFacts) -> Answer:
    line = facts.line
    if line.code != GUIDANCE or not line.is_professional or not is_medicares(facts):
        return None
    code = legacy_code(facts.session.modalities)
    if code is None:
        return "Medicare had no payable code for this imaging before 2026: a coder decides."
    is_facility = line.place_of_service in FACILITY_SETTINGS and code != "G6017"
    modifiers = with_26(facts) if is_facility else without(facts, "26", "TC")
    name = "-".join((code, *modifiers))
    return (
        f"Medicare does not pay 77387 before 2026-01-01: bill {name} for this imaging.",
        Correction(code=code, modifiers=modifiers),
    )


@rule(
    "R03",
    "legacy-facility-needs-26",
    "26 is missing on guidance of a hospital setting",
    severity=Severity.STOP,
    confidence="B",
    source="astro-2016",
    likely_denial=("CO-4", "CO-5"),
    effective_from=GUIDANCE_BEGINS,
    effective_through=LEGACY_ENDS,
)
def legacy_facility_needs_26(facts: ChargeFacts) -> Answer:
    line = facts.line
    is_physicians = line.is_professional and line.place_of_service in FACILITY_SETTINGS
    if line.code not in (LEGACY_GUIDANCE | {GUIDANCE}) - {"G6017"} or not is_physicians:
        return None
    has_rule_of_its_own = line.code == GUIDANCE and is_medicares(facts)
    if has(facts, "26") or has_rule_of_its_own:
        return None
    sentence = f"In place of service {line.place_of_service} the physician bills {line.code}-26."
    change = Correction(modifiers=with_26(facts))
    if line.code == GUIDANCE:
        return Milder(
            f"{sentence} Else have the payer's answer of that time.", Severity.HOLD
        ), change
    return sentence, change


@rule(
    "R04",
    "tracking-has-no-26",
    "26 stands on G6017, which has no professional component",
    severity=Severity.STOP,
    confidence="A",
    source="rvu-2025",
    likely_denial=("CO-4",),
    effective_from=GUIDANCE_BEGINS,
    effective_through=LEGACY_ENDS,
)
def tracking_has_no_26(facts: ChargeFacts) -> Answer:
    if facts.line.code != "G6017" or not has(facts, "26"):
        return None
    return "G6017 is never billed with 26.", Correction(modifiers=without(facts, "26"))


@rule(
    "R05",
    "commercial-legacy-codes",
    "Commercial payers chose their guidance codes before 2026",
    severity=Severity.HOLD,
    confidence="B",
    source="astro-2016",
    likely_denial=("CO-181",),
    effective_from=GUIDANCE_BEGINS,
    effective_through=LEGACY_ENDS,
)
def commercial_legacy_codes(facts: ChargeFacts) -> Answer:
    if not is_guidance(facts) or is_medicares(facts) or not facts.payer.payer:
        return None
    wanted = facts.payer.legacy_guidance_codes
    if facts.payer.doubt_about("legacy_guidance_codes"):
        return None  # rule R80 says why the policies on file do not answer
    if wanted is None:
        return "Nobody has written down which guidance codes this payer took before 2026: ask."
    is_new = facts.line.code == GUIDANCE
    if is_new == (wanted == GUIDANCE):
        return None
    code = GUIDANCE if wanted == GUIDANCE else legacy_code(facts.session.modalities)
    return f"Before 2026 this payer took {code} for this imaging.", Correction(code=code)


@rule(
    "R06",
    "legacy-delivery-includes-guidance",
    "The technical part of guidance is billed beside an IMRT delivery that contains it",
    severity=Severity.STOP,
    confidence="B",
    source="astro-faq",
    likely_denial=("CO-97",),
    effective_from=GUIDANCE_BEGINS,
    effective_through=LEGACY_ENDS,
)
def legacy_delivery_includes_guidance(facts: ChargeFacts) -> Answer:
    delivery = same_day(facts, frozenset({"77385", "77386"}))
    if not is_guidance(facts) or delivery is None:
        return None
    is_physicians = facts.line.is_professional
    if is_physicians and has(facts, "26"):
        return None
    contains = f"{delivery} of the same day contains the technical part of guidance"
    if not is_physicians or facts.line.code == "G6017":
        return f"{contains}: remove this line."
    return f"{contains}: only the physician's part goes.", Correction(modifiers=with_26(facts))


@rule(
    "R07",
    "deleted-codes",
    "The code was deleted on 2026-01-01",
    severity=Severity.STOP,
    confidence="A",
    source="rvu-2026",
    likely_denial=("CO-181", "N56"),
    effective_from=NEW_CODES_BEGIN,
)
def deleted_codes(facts: ChargeFacts) -> Answer:
    code = facts.line.code
    if code in LEGACY_DELIVERY:
        return f"{code} is deleted from 2026-01-01: {delivery_now(facts)}."
    if code not in LEGACY_GUIDANCE:
        return None
    if facts.line.claim_type == "837I":
        return f"{code} is deleted from 2026-01-01: the hospital's part is packaged as 77387."
    if code == "G6017" and "guidance" not in kinds(facts.session.modalities):
        return "G6017 is deleted from 2026-01-01: tracking without a reviewed image has no code."
    return (
        f"{code} is deleted from 2026-01-01: bill 77387-26.",
        Correction(code=GUIDANCE, modifiers=with_26(facts)),
    )


def delivery_now(facts: ChargeFacts) -> str:
    """Who bills what since 2026 in place of a deleted delivery code."""
    if facts.line.code == "77401":
        return "it is 77437 up to 150 kV and 77438 above"
    if facts.line.code in ("77385", "77386"):
        return "whoever owns the machine bills 77407 or 77412, by the treatment given"
    return "the centre that billed it bills 77402, 77407 or 77412, by the treatment given"


@rule(
    "R16",
    "hospital-claim-has-no-guidance",
    "Guidance on a hospital's claim is paid nothing apart",
    severity=Severity.WARN,
    confidence="B",
    source="opps-2026",
    likely_denial=("CO-97",),
    effective_from=NEW_CODES_BEGIN,
)
def hospital_claim_has_no_guidance(facts: ChargeFacts) -> Answer:
    code = facts.line.code
    if facts.line.claim_type != "837I" or code not in PRESENT_GUIDANCE:
        return None
    if has(facts, "26"):
        return (
            f"{code}-26 on a hospital's claim: only a critical access hospital by method II bills "
            "the physician's part there (bill type 85X); another reports the line without 26."
        )
    return f"{code} is packaged (status N): reported with its charge, not paid separately."


@rule(
    "R17",
    "delivery-belongs-to-the-facility",
    "A physician bills delivery in a hospital setting",
    severity=Severity.STOP,
    confidence="B",
    source="coding-alert",
    likely_denial=("CO-5",),
)
def delivery_belongs_to_the_facility(facts: ChargeFacts) -> Answer:
    line = facts.line
    if not is_delivery_in_hospital(facts):
        return None
    return (
        f"In place of service {line.place_of_service} the hospital bills {line.code}; "
        "take it off the physician's claim."
    )


def is_delivery_in_hospital(facts: ChargeFacts) -> bool:
    """Treatment delivery on a physician's claim, given in a hospital."""
    line = facts.line
    is_delivery = line.code in DELIVERY | LEGACY_DELIVERY
    is_facility = line.place_of_service in FACILITY_SETTINGS
    return line.claim_type == "837P" and is_facility and is_delivery


@rule(
    "R40",
    "port-image-bundled",
    "A port image is billed to Medicare",
    severity=Severity.WARN,
    confidence="A",
    source="rvu-2026",
    likely_denial=("CO-97",),
    effective_from=NEW_CODES_BEGIN,
)
def port_image_bundled(facts: ChargeFacts) -> Answer:
    if facts.line.code != PORT_IMAGE or not facts.payer.is_medicare_ffs:
        return None
    return "77417 has status B from 2026: it is recorded and pays $0.00."


@rule(
    "R56",
    "not-loaded-yet",
    "Rates and rules of 2027 are not loaded",
    severity=Severity.WARN,
    confidence="A",
    source="ours",
    effective_from=date(2027, 1, 1),
)
def not_loaded_yet(facts: ChargeFacts) -> Answer:
    return "Rates and rules for 2027 are not loaded: this charge is judged by those of 2026."

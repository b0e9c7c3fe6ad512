"""The facts that an address may carry, each with its label, its kind and what a blank page has."""

from __future__ import annotations

from dataclasses import dataclass

from payers.lines_of_business import LINES
from payers.may_we_bill import values as v

POLICY = {"required": "Required", "either": "Either", "rejected": "Rejected"}
BILLABLE = {"billable": "Billable", "not_billable": "Not billable"}
ROLES = {
    "radiation_oncologist": "Radiation oncologist",
    "resident": "Resident",
    "physicist": "Physicist",
    "therapist": "Therapist",
    "unknown": "Not known",
}


@dataclass(frozen=True)
class Field:
    """One fact: its name in the address, what people call it, how it is read, where it stands.

    ``path`` is its place among the facts of the rulebook, where it goes there as it is.
    """

    name: str
    label: str
    kind: v.Kind
    path: str = ""
    usual: str = ""
    is_first: bool = False
    hint: str = ""


FIELDS: tuple[Field, ...] = (
    Field("code", "Code", v.CODE, "line.code", "77387", True),
    Field("modifiers", "Modifiers", v.MODIFIERS, "line.modifiers", "26", True),
    Field("on", "Date of service", v.DAY, "", "", True),
    Field("delivery", "Delivery code", v.CODE, "session.delivery_code", "77407", True),
    Field("place", "Place", v.PLACE, "line.place_of_service", "22", True),
    Field("plan", "Plan", v.Kind(str), "", "", True),
    Field("reviewed", "Approved after start", v.DURATION, "", "3h", True, "3h, 1d 2h"),
    Field("units", "Units", v.whole(1, 99), "line.units", "1", True),
    Field(
        "claim_type",
        "Claim type",
        v.choice(
            {
                "837P": "Professional",
                "837I": "Institutional",
                "85X": "Critical access hospital, physician’s part by method II",
            }
        ),
        "line.claim_type",
    ),
    Field("diagnoses", "Diagnoses", v.DIAGNOSES, "line.diagnoses", "C61"),
    Field(
        "lines",
        "Other lines of the day",
        v.LINES,
        "day.other_lines",
        "",
        hint="77407, 77280-59 x1, or none",
    ),
    Field("delivered", "Treatment delivered", v.YES_NO, "session.is_delivered", "yes"),
    Field(
        "modalities",
        "Imaging",
        v.MODALITY,
        "session.modalities",
        "cbct",
        hint="cbct, kv_pair, surface, port_film, or none",
    ),
    Field("shifts", "Shifts recorded", v.YES_NO, "session.has_shifts", "yes"),
    Field("started", "Treatment began", v.CLOCK, "", "10:00", hint="10:00"),
    Field("imaged", "Imaged after start", v.DURATION, "", "-5m", hint="-5m is before it"),
    Field("next", "Next treatment after start", v.DURATION, hint="1d"),
    Field("fraction", "Fraction", v.whole(0, 999), "session.fraction", "5"),
    Field("planned", "Fractions planned", v.whole(0, 999), "session.fractions_planned", "28"),
    Field(
        "technique",
        "Technique",
        v.pattern(r"[0-9A-Z_ -]{1,24}", "a technique, such as IMRT"),
        "session.technique",
        "IMRT",
    ),
    Field("motion", "Motion management", v.YES_NO, "session.has_motion_management", "no"),
    Field("ordered", "Guidance ordered, days before", v.whole(-9999, 9999), "", "20"),
    Field("first_imaged", "First image of the course, days before", v.whole(-9999, 9999), "", "6"),
    Field("facility", "Facility", v.Kind(str)),
    Field("state", "State, without a facility", v.pattern(r"[A-Z]{2}", "a state, such as TX")),
    Field(
        "site",
        "Treatment site",
        v.pattern(r"[A-Z0-9, -]{1,60}", "a site, such as left breast"),
        hint="left breast",
    ),
    Field("session", "Session of the day", v.whole(1, 9), "session.session_of_day"),
    Field("earlier_units", "Units earlier that day", v.whole(0, 99), "day.earlier_units"),
    Field("earlier", "Earlier session, before start", v.DURATION, hint="6h"),
    Field(
        "earlier_reviewer",
        "Earlier session approved by",
        v.choice({"same": "The same physician", "other": "Another physician"}),
    ),
    Field(
        "fractions_a_day", "Fractions a day ordered", v.whole(0, 9), "day.fractions_per_day_ordered"
    ),
    Field(
        "charged_earlier",
        "Code charged earlier in the course",
        v.YES_NO,
        "session.is_code_charged_earlier",
    ),
    Field(
        "out_of_order", "Out of order with fraction", v.whole(0, 999), "session.out_of_order_with"
    ),
    Field(
        "reviewer", "Approved by", v.choice(ROLES), "review.reviewer_role", "radiation_oncologist"
    ),
    Field("reviewer_npi", "Physician’s NPI on file", v.YES_NO, "", "yes"),
    Field("resident", "A resident looked first", v.YES_NO, "review.has_resident"),
    Field("attending", "Attending’s statement", v.YES_NO, "review.has_attending_statement"),
    Field("last", "Last fraction", v.YES_NO, "review.is_last_fraction"),
    Field("reported", "Approval only reported by a file", v.YES_NO),
    Field(
        "required",
        "Authorization required",
        v.choice(
            {
                "yes": "Yes",
                "no": "No",
                "unknown": "Nobody knows",
                "undecided": "Policies do not decide",
            }
        ),
    ),
    Field("holds", "A unit is left", v.YES_NO, "authorization.holds_unit", "yes"),
    Field(
        "authorized",
        "Authorized lines",
        v.GRANTS,
        hint="77387-26 approved 28units from-30 to+60 letter number1 holds",
    ),
    Field(
        "honours",
        "A new plan honours the course",
        v.choice(
            {
                "law": "A law says so",
                "commitment": "The insurers undertook it",
                "both": "Law and commitment",
            }
        ),
    ),
    Field(
        "claim",
        "Authorization number on the claim",
        v.choice(
            {
                "both": "On claim and line, the same",
                "claim": "On the claim",
                "line": "On the line",
                "different": "Two different numbers",
            }
        ),
    ),
    Field("filed", "To be filed on", v.DAY),
    Field("payer", "Payer, without a plan", v.pattern(r"[A-Z0-9_-]{1,24}", "a payer’s key")),
    Field("lob", "Line of business, without a plan", v.choice(LINES), "payer.line_of_business"),
    Field("coverage", "Coverage that day", v.YES_NO, "payer.has_coverage"),
    Field("modifier_26", "Suppose: modifier 26", v.choice(POLICY), "payer.modifier_26"),
    Field(
        "legacy",
        "Suppose: codes before 2026",
        v.choice({"77387": "77387", "legacy": "The old codes"}),
        "payer.legacy_guidance_codes",
    ),
    Field(
        "second_session",
        "Suppose: second session",
        v.choice({"76_77": "76 or 77", "59": "59", "XE": "XE"}),
        "payer.second_session_modifier",
    ),
    Field("surface", "Suppose: surface guidance", v.choice(BILLABLE), "payer.surface_guidance"),
    Field("proton", "Suppose: guidance with protons", v.choice(BILLABLE), "payer.proton_guidance"),
    Field(
        "last_hours",
        "Suppose: hours to approve the last fraction",
        v.whole(1, 9999),
        "payer.last_fraction_review_hours",
    ),
    Field(
        "undecided",
        "Suppose: policies do not decide",
        v.TOPICS,
        "payer.undecided",
        hint="modifier_26",
    ),
    Field(
        "diagnosis_order",
        "Suppose: order of diagnoses",
        v.choice({"z510_first": "Z51.0 first", "malignancy_first": "The malignancy first"}),
        "payer.diagnosis_order",
    ),
)
BY_NAME = {field.name: field for field in FIELDS}

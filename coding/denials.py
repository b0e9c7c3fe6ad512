"""What a denial of a guidance claim means and what mends it, in our own words.

Codes are those of the X12 lists as published in 2024; what each payer uses for what is field
knowledge. CO-15 is inactive since 2018-05-01 and is read as a matter of authorization.
"""

from __future__ import annotations

from dataclasses import dataclass

SOURCE = "X12 claim adjustment and remark codes, 2024; triggers from the field (confidence D)"
NOT_A_DENIAL = "not a denial"


@dataclass(frozen=True, slots=True)
class Denial:
    """A situation, the codes that tell of it, where the cause lies, and the way out."""

    situation: str
    codes: tuple[str, ...]
    remarks: tuple[str, ...]
    cause: str
    fix: str


def denial(situation: str, codes: str, remarks: str, cause: str, fix: str) -> Denial:
    return Denial(situation, tuple(codes.split()), tuple(remarks.split()), cause, fix)


DENIALS: tuple[Denial, ...] = (
    denial("No authorization", "CO-197", "M62", "authorization",
           "Ask for a retrospective authorization where the payer allows it. The patient cannot "
           "be billed."),
    denial("Authorized units or visits exceeded", "CO-198", "N54 N351 N640", "authorization",
           "Ask for an extension and send it again."),
    denial("Authorization not for this code", "CO-284", "N54 M62", "authorization",
           "Have the payer revise the line, or confirm the new code on the old number."),
    denial("Authorization not for this provider or place", "CO-296", "N54", "authorization",
           "Correct the NPI or tax number, or have the payer amend the place."),
    denial("Authorization expired", "CO-302", "N351", "authorization",
           "Have the payer extend the dates."),
    denial("Authorization asked late or denied", "CO-210 CO-39", "", "authorization",
           "Appeal with the records."),
    denial("Authorization number invalid (inactive code)", "CO-15", "", "authorization",
           "Inactive since 2018-05-01: treat it like CO-197 or CO-284."),
    denial("Modifier missing, wrong or not valid that day", "CO-4 CO-182", "N519 N822 N823",
           "modifier", "Correct the line as this payer wants it on this date."),
    denial("Deleted code", "CO-181", "N56 M51 M20 N657", "code",
           "Bill the code that was valid on the date of service."),
    denial("Not covered before 2026", "CO-96", "N56 N448 N657", "code",
           "Bill 77014, G6001 or G6002 for that time."),
    denial("Something is missing or invalid", "CO-16", "MA130 N290 M53 M77 M76 M62", "claim data",
           "Complete the claim and send it as new. MA130 means there is no right to appeal."),
    denial("Duplicate", "OA-18 CO-18", "N522 N702", "duplicate",
           "Twice a day: 76 or 77 and a note. Otherwise nothing is to be done."),
    denial("Not medically necessary", "CO-50", "N115 M25 N569", "necessity",
           "Appeal with the records and the payer's own policy."),
    denial("Bundled", "CO-97", "M15 N19 N20 M80 N390 N431", "bundling",
           "Beside 77402, 77407 or 77412: appeal, it is a known mistake of 2026. Beside "
           "stereotactic delivery: accept."),
    denial("Not payable in this setting", "CO-171 CO-5 CO-58", "M97 M77 N535", "setting",
           "Check place of service and modifier 26."),
    denial("Published pairing", "CO-236", "N20 N431 M80", "bundling",
           "Indicator 0: write off. Indicator 1: a distinct-service modifier where it is true."),
    denial("Mutually exclusive", "CO-231", "N20", "bundling", "Choose one of the codes."),
    denial("Too many units", "CO-151 CO-222 CO-119 CO-273", "N362 N640 M53 M86", "units",
           "A limit open to proof: redetermination with the records. An absolute one: nothing."),
    denial("Filed too late", "CO-29", "", "filing", "Prove that the claim arrived in time."),
    denial("Records not sent or incomplete", "CO-226 CO-252 CO-251", "M127 N706 N705 N102",
           "records", "Send order, images, shifts and approval of that fraction."),
    denial("Provider type or specialty", "CO-8 CO-170 CO-185 B7", "N95", "enrolment",
           "Check enrolment and taxonomy of the physician."),
    denial("Diagnosis does not fit", "CO-11 CO-167 CO-146", "M76 N569", "diagnosis",
           "Correct the diagnosis the line points to."),
    denial("Another insurer pays first", "CO-22", "MA04 N479", "coverage",
           "Send the primary payer's explanation of benefits."),
    denial("No coverage that day", "CO-27", "", "coverage",
           "Check eligibility of that day and bill the payer that covered it."),
    denial("Not paid separately", "CO-234", "N390", "bundling",
           "Nothing, where it is truly bundled."),
    denial("The service it belongs to is missing", "B15 CO-107", "N674", "claim data",
           "Find the delivery claim of that day."),
    denial("Contractual difference", "CO-45", "N381", NOT_A_DENIAL,
           "Nothing: it is the discount agreed on."),
)  # fmt: skip

# A contractor's own mistake, to be processed again: never written off.
PAYER_ERROR = "payer error, to be reprocessed"


def meaning(code: str) -> Denial | None:
    """The row that tells about a group and reason code such as CO-197."""
    return next((row for row in DENIALS if code in row.codes), None)


def is_payer_error(*, code: str, remark: str, place_of_service: str, year: int) -> bool:
    """Whether it looks like the contractor's mistake of early 2026 in hospital settings."""
    is_known = code == "CO-97" and remark == "M97"
    return is_known and place_of_service in ("19", "22") and year == 2026


def cause(code: str, *, remark: str = "", place_of_service: str = "", year: int = 0) -> str:
    """Where a denial comes from, in a word; “unknown” for a code that is not in our table."""
    if is_payer_error(code=code, remark=remark, place_of_service=place_of_service, year=year):
        return PAYER_ERROR
    row = meaning(code)
    return row.cause if row else "unknown"

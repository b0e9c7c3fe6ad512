"""The line a session should be charged as, who pays it, and what it is worth."""

from __future__ import annotations

from authorizations.models import Charge, GuidanceSession
from authorizations.verdicts.facts import CourseData, RuleBooks, day_facts
from authorizations.verdicts.services import service_of_charge
from coding.rules.common import (
    GUIDANCE_CODES,
    SUPERFICIAL,
    SURFACE_GUIDANCE,
    guidance_codes_on,
)
from coding.rules.lines import ProposedLine, proposed_line
from payers.amounts.worth import FeeBook, Line, Worth
from payers.policies.as_facts import deadline, payer_facts


def propose(file: CourseData, session: GuidanceSession, books: RuleBooks) -> ProposedLine:
    """The line this session should be charged as on its date of service."""
    on = session.date_of_service
    review_row = file.reviews.get(session.pk)
    service = file.course.guidance_on(on, session.facility)
    return proposed_line(
        date_of_service=on,
        payer=payer_facts(file.plan_on(on), on, books.policies, service),
        modalities=tuple(session.modalities),
        place_of_service=session.facility.place_of_service,
        day=day_facts(file, session),
        reviewer_npi=review_row.reviewed_by.npi if review_row else "",
        has_resident=session.pk in file.looked_at,
    )


def code_refusal(charge: Charge, code: str) -> str | None:
    """Why the charge of this session may not carry this code; None where it may."""
    valid = guidance_codes_on(charge.date_of_service)
    if code not in GUIDANCE_CODES:
        return (
            f"{code} is not image guidance, and this charge is of a guidance session. Void it; "
            "that service is charged elsewhere."
        )
    if code not in valid:
        codes = ", ".join(sorted(valid))
        return f"{code} is not valid on {charge.date_of_service:%-d %b %Y}: only {codes}."
    session = charge.session
    is_surface = session.delivery_code in SUPERFICIAL and "ultrasound" in session.modalities
    if code == SURFACE_GUIDANCE and not is_surface:
        return (
            f"{code} is ultrasound placement of a superficial treatment (77436 to 77438), which "
            "this session is not."
        )
    return None


def set_line(charge: Charge, line: ProposedLine) -> None:
    charge.code, charge.modifiers, charge.units = line.code, list(line.modifiers), line.units


def set_payer(charge: Charge, file: CourseData, books: RuleBooks) -> None:
    """Who pays that day, by when the claim must arrive, and what it is worth."""
    on = charge.date_of_service
    charge.plan = file.plan_on(on)
    charge.filing_deadline = deadline(
        charge.plan, on, books.policies, service_of_charge(file.course, charge)
    )
    worth = worth_of(charge, books.policies.fees)
    charge.amount, charge.amount_source = worth.amount, worth.source


def worth_of(charge: Charge, fees: FeeBook) -> Worth:
    """Expected dollars of a charge as its line, payer, day and place stand."""
    line = Line(
        charge.plan,
        charge.code,
        tuple(charge.modifiers),
        charge.units,
        charge.date_of_service,
        charge.place_of_service,
        charge.facility,
    )
    return fees.worth(line)

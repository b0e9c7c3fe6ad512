"""The facts of a charge as an address: no number, name or birth date in it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from coding.rules.facts import ChargeFacts, ClaimFacts
from payers.may_we_bill.fields import FIELDS, Field
from payers.may_we_bill.scenario import ANOTHER, CLAIMS, HONOURS, USUAL_START, own_delivery
from payers.may_we_bill.values import Granted


def address_of(facts: ChargeFacts, plan: str) -> str:
    """The facts of a charge as the query of an address: no number, name or birth date in it."""
    return urlencode(texts_of(facts, plan))


def texts_of(facts: ChargeFacts, plan: str = "") -> dict[str, str]:
    """Each fact as text; with a plan its policies answer, else what the facts say of the payer."""
    given = special_values(facts) | {"plan": plan}
    for entry in FIELDS:
        if entry.path and not (plan and entry.path.startswith("payer.")):
            part, name = entry.path.split(".")
            given[entry.name] = getattr(getattr(facts, part), name)
    if not plan:
        given["payer"] = facts.payer.payer
    if facts.day.other_lines == own_delivery(facts):
        del given["lines"]
    return {
        entry.name: entry.kind.write(given[entry.name])
        for entry in FIELDS
        if is_given(entry, given.get(entry.name))
    }


def is_given(entry: Field, value: Any) -> bool:
    """Whether there is something to write; no line and no imaging are said, not left out."""
    return value not in (None, "", ()) or (
        value == () and entry.name in ("lines", "modalities", "authorized")
    )


def special_values(facts: ChargeFacts) -> dict[str, Any]:
    """What stands in the address in another form than among the facts."""
    on, session, review, day = facts.date_of_service, facts.session, facts.review, facts.day
    start = session.started_at
    base = start or datetime.combine(on, USUAL_START, timezone.get_current_timezone())
    earlier = day.earlier_reviewer_npi
    same = earlier == (review.reviewer_npi or ANOTHER)
    nobody = "undecided" if facts.authorization.requirement_doubt else "unknown"
    required = {True: "yes", False: "no", None: nobody}

    def since(moment: datetime | None) -> timedelta | None:
        return moment - base if moment else None

    def days(other: date | None) -> int | None:
        return (on - other).days if other else None

    before = since(day.earlier_started_at)
    rows = tuple(
        Granted(line, minus(days(line.valid_from)), minus(days(line.valid_through)))
        for line in facts.authorization.lines
    )
    return {
        "on": on,
        "started": start.time() if start else None,
        "imaged": since(session.image_at),
        "reviewed": since(review.reviewed_at),
        "next": since(review.next_delivered_at),
        "earlier": None if before is None else -before,
        "earlier_reviewer": ("same" if same else "other") if earlier else None,
        "ordered": days(session.guidance_ordered_on),
        "first_imaged": days(session.course_first_imaged_on),
        "facility": session.facility,
        "reviewer_npi": bool(review.reviewer_npi),
        "reported": bool(review.reported_by),
        "required": required[facts.authorization.is_required],
        "authorized": rows,
        "honours": honours(facts),
        "claim": next((key for key, row in CLAIMS.items() if row == alike(facts.claim)), None),
        "filed": facts.filing.judged_on,
    }


def honours(facts: ChargeFacts) -> str | None:
    """What makes a new plan honour the course: a law, the insurers' commitment, or both."""
    said = facts.authorization.honours_by_law, facts.authorization.honours_by_commitment
    wanted = tuple(map(bool, said))
    return next((key for key, row in HONOURS.items() if tuple(map(bool, row)) == wanted), None)


def minus(days: int | None) -> int | None:
    return None if days is None else -days


def alike(claim: ClaimFacts | None) -> ClaimFacts | None:
    """The claim with its numbers counted instead of written."""
    if claim is None:
        return None
    on_line = (
        "1" if claim.line_number in ("", claim.claim_number) or not claim.claim_number else "2"
    )
    return ClaimFacts("1" if claim.claim_number else "", on_line if claim.line_number else "")

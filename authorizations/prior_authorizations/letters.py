"""Letters to payers from their dated texts and the facts of a request; what is missing is named."""

from __future__ import annotations

from accounts.past import clock
from authorizations.models import PriorAuthorization
from authorizations.prior_authorizations.packets import NOT_ON_FILE, coverage_of, printed_day
from authorizations.prior_authorizations.page import appeal_words, policy_of
from payers.letters.letter_template import PLACE, best_template
from payers.models import LetterTemplate


def letter_words(authorization: PriorAuthorization, kind: str) -> tuple[str, list[str]]:
    """The letter with its facts, and the places for which the books have no fact.

    Empty without a text of that kind in force.
    """
    rows = LetterTemplate.objects.in_force(clock.today()).filter(kind=kind)
    course, facts = authorization.course, letter_facts(authorization)
    found = best_template(rows, authorization.plan.payer_id, course.body_site, course.technique)
    if found is None:
        return "", []
    places = dict.fromkeys(PLACE.findall(found.words))
    missing = [place.replace("_", " ") for place in places if not facts.get(place)]
    words = PLACE.sub(
        lambda match: facts.get(match[1]) or f"[{match[1].replace('_', ' ')}: {NOT_ON_FILE}]",
        found.words,
    )
    return words.strip(), missing


def letter_facts(authorization: PriorAuthorization) -> dict[str, str]:
    """The fact for each place of a text; empty where the books have none."""
    course, coverage = authorization.course, coverage_of(authorization)
    first_treatment, decided = course.first_fraction_on, authorization.decided_on
    lines = [f"{line.units_requested} × {line}" for line in authorization.lines.all()]
    return {
        "patient": f"{course.patient.first_name} {course.patient.last_name}",
        "birth_date": printed_day(course.patient.date_of_birth),
        "member_id": coverage.member_id if coverage else "",
        "plan": authorization.plan.name,
        "reference": authorization.reference,
        "diagnosis": course.diagnosis,
        "site": course.body_site,
        "technique": course.get_technique_display(),
        "fractions": str(course.fractions_planned or ""),
        "first_treatment": printed_day(first_treatment) if first_treatment else "",
        "lines": "; ".join(lines),
        "lost": appeal_words(authorization).removeprefix("Asks again for ").rstrip("."),
        "payer_reason": authorization.denial_reason.rstrip("."),
        "decided_on": printed_day(decided) if decided else "",
        "physician": course.physician.name,
        "physician_npi": course.physician.npi,
        "facility": authorization.facility.name,
        **criteria_facts(authorization),
    }


def criteria_facts(authorization: PriorAuthorization) -> dict[str, str]:
    """What the policy in force says, and who says so; empty where the book has no policy."""
    policy = policy_of(authorization)
    if policy is None:
        return {"criteria": "", "criteria_source": ""}
    wants = f"You ask for: {'; '.join(policy.documents)}." if policy.documents else ""
    return {
        "criteria": " ".join(part for part in (policy.note.strip(), wants) if part),
        "criteria_source": f"{policy.source}, verified {printed_day(policy.verified_on)}",
    }

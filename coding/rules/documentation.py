"""The gate of documentation: ordered, imaged, delivered, moved, and approved in time by the right
person.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from coding.rules.book import Answer, Correction, Milder, Severity, rule
from coding.rules.common import as_day, has, moment
from coding.rules.facts import ChargeFacts
from coding.rules.modalities import MODALITIES, kinds

LAST_FRACTION_HOURS = 24
SATURDAY = 5
MALIGNANT = ("C", "D0", "D37", "D38", "D39", "D4")
ENCOUNTER = "Z51.0"
COVERED_BENIGN = ("D32", "D33", "D35", "D18.02", "L91.0", "M61", "H05.2", "Q28.2")


@rule(
    "R26",
    "not-delivered",
    "No treatment was given with the guidance",
    severity=Severity.STOP,
    confidence="D",
    source="field",
    likely_denial=("B15", "CO-107"),
)
def not_delivered(facts: ChargeFacts) -> Answer:
    if facts.session.is_delivered:
        return None
    return "Imaged, but no treatment was delivered: not billable."


@rule(
    "R38",
    "surface-only",
    "Surface guidance or fluoroscopy alone, which no source decides",
    severity=Severity.HOLD,
    confidence="D",
    source="field",
    likely_denial=("CO-50",),
)
def surface_only(facts: ChargeFacts) -> Answer:
    found = kinds(facts.session.modalities) - {"port_film"}
    if not found or not found <= {"surface", "payer"}:
        return None
    is_surface = "surface" in facts.session.modalities
    if is_surface and facts.payer.surface_guidance == "billable":
        return None
    names = " and ".join(MODALITIES[m].label.lower() for m in facts.session.modalities)
    return f"Only {names}: whether this is guidance is the payer's decision."


@rule(
    "R39",
    "port-image-only",
    "A port image is billed as guidance",
    severity=Severity.STOP,
    confidence="B",
    source="astro-faq",
    likely_denial=("CO-97",),
)
def port_image_only(facts: ChargeFacts) -> Answer:
    if kinds(facts.session.modalities) != {"port_film"}:
        return None
    return "Only a port image: it is 77417, read within the weekly management, and no guidance."


@rule(
    "R41",
    "ordered-too-late",
    "The order came after the first image",
    severity=Severity.STOP,
    confidence="B",
    source="coding-alert",
    likely_denial=("CO-50", "CO-226"),
)
def ordered_too_late(facts: ChargeFacts) -> Answer:
    session = facts.session
    if session.course_first_imaged_on is None:
        return None
    if session.guidance_ordered_on is None:
        return "No order for guidance is on file for this course."
    if session.guidance_ordered_on > session.course_first_imaged_on:
        return (
            f"Guidance was ordered on {as_day(session.guidance_ordered_on)}, after the first image "
            f"of {as_day(session.course_first_imaged_on)}."
        )
    return None


@rule(
    "R42",
    "images-not-approved",
    "Images and shifts are not approved by a physician",
    severity=Severity.STOP,
    confidence="B",
    source="astro-faq",
    likely_denial=("CO-226", "CO-252"),
)
def images_not_approved(facts: ChargeFacts) -> Answer:
    if facts.review.reviewed_at is not None:
        return None
    if facts.review.reported_by:
        return (
            f"Reported approved by a file of {facts.review.reported_by}; the physician confirms it "
            "in Image review."
        )
    return "Nobody has approved these images and shifts: the physician signs before this can go."


@rule(
    "R43",
    "approved-too-late",
    "Approval came after the next treatment",
    severity=Severity.STOP,
    confidence="B",
    source="astro-faq",
    likely_denial=("CO-226",),
)
def approved_too_late(facts: ChargeFacts) -> Answer:
    reviewed, following = facts.review.reviewed_at, facts.review.next_delivered_at
    if reviewed is None or following is None or reviewed < following:
        return None
    return (
        f"Approved {moment(reviewed)}, but the next treatment began {moment(following)}: "
        "not billable without a supervisor's reason."
    )


@rule(
    "R44",
    "last-fraction-approved-late",
    "Approval of the last fraction came after the payer's limit",
    severity=Severity.HOLD,
    confidence="D",
    source="field",
    likely_denial=("CO-226",),
)
def last_fraction_approved_late(facts: ChargeFacts) -> Answer:
    review, started = facts.review, facts.session.started_at
    is_last = review.is_last_fraction and review.next_delivered_at is None
    if not is_last or review.reviewed_at is None or started is None:
        return None
    hours = facts.payer.last_fraction_review_hours
    reviewed = review.reviewed_at
    if hours:
        limit = started + timedelta(hours=hours)
    else:  # business hours run by the clock on the wall, whatever happens to it on a Sunday
        reviewed = reviewed.replace(tzinfo=None)
        limit = after_business_hours(started.replace(tzinfo=None), LAST_FRACTION_HOURS)
    if reviewed <= limit:
        return None
    return (
        f"Last fraction, approved {moment(review.reviewed_at)}: later than {moment(limit)}, "
        f"the {'payer’s' if hours else 'general'} limit."
    )


def after_business_hours(start: datetime, hours: int) -> datetime:
    """So many hours later, Saturdays and Sundays not counted (local time)."""
    end, left = start, timedelta(hours=hours)
    while left:
        midnight = datetime.combine(end.date() + timedelta(days=1), datetime.min.time(), end.tzinfo)
        if end.weekday() >= SATURDAY:
            end = midnight
            continue
        step = min(left, midnight - end)
        end, left = end + step, left - step
    return end if end.weekday() < SATURDAY else after_weekend(end)


def after_weekend(day: datetime) -> datetime:
    """The first moment of the Monday after."""
    return day + timedelta(days=7 - day.weekday())


@rule(
    "R45",
    "reviewer-not-a-radiation-oncologist",
    "Approved by somebody who is not a radiation oncologist",
    severity=Severity.STOP,
    confidence="B",
    source="astro-faq",
    likely_denial=("CO-8", "CO-185"),
)
def reviewer_not_a_radiation_oncologist(facts: ChargeFacts) -> Answer:
    review = facts.review
    if review.reviewed_at is None:
        return None
    if review.reviewer_role == "radiation_oncologist":
        return None
    role = review.reviewer_role.replace("_", " ") or "somebody unknown"
    who = "somebody not in our book" if role == "unknown" else f"a {role}"
    return f"Approved by {who}: only a radiation oncologist's approval counts."


@rule(
    "R46",
    "image-or-shifts-missing",
    "The image or its shifts are missing in the record",
    severity=Severity.STOP,
    confidence="B",
    source="astro-faq",
    likely_denial=("CO-226",),
)
def image_or_shifts_missing(facts: ChargeFacts) -> Answer:
    missing = []
    if facts.session.image_at is None:
        missing.append("the time of the image")
    if not facts.session.has_shifts:
        missing.append("the shifts")
    return f"The record lacks {' and '.join(missing)}." if missing else None


@rule(
    "R57",
    "no-covered-diagnosis",
    "No malignancy or covered diagnosis on the line",
    severity=Severity.STOP,
    confidence="D",
    source="field",
    likely_denial=("CO-11", "M76"),
)
def no_covered_diagnosis(facts: ChargeFacts) -> Answer:
    diagnoses = facts.line.diagnoses
    if any(d.startswith(MALIGNANT + COVERED_BENIGN) for d in diagnoses):
        return None
    if set(diagnoses) <= {ENCOUNTER}:
        return "No diagnosis but the encounter for radiotherapy: the line names what was treated."
    return Milder(
        f"{', '.join(diagnoses)} is no malignancy: radiotherapy of benign disease is covered by "
        "the payer's policy, so a coder decides.",
        Severity.HOLD,
    )


@rule(
    "R47",
    "resident-needs-attending",
    "A resident's review without the attending's statement or GC",
    severity=Severity.STOP,
    confidence="B",
    source="teaching",
    likely_denial=("CO-226",),
)
def resident_needs_attending(facts: ChargeFacts) -> Answer:
    review = facts.review
    if review.has_attending_statement:
        return gc_forgotten(facts)
    if has(facts, "GC"):
        return (
            "GC needs the attending's own statement of the review; “seen and agree” is not enough."
        )
    if review.has_resident and review.reviewed_at:
        return "A resident looked at these images first: the attending's own statement is missing."
    return None


def gc_forgotten(facts: ChargeFacts) -> Answer:
    """Medicare wants GC on the physician's part of each service a resident took part in."""
    is_asked = facts.review.has_resident and facts.payer.is_medicare and has(facts, "26")
    if not is_asked or has(facts, "GC"):
        return None
    return (
        "A resident took part: Medicare wants GC on the line, after 26.",
        Correction(modifiers=(*facts.line.modifiers, "GC")),
    )

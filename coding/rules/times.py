"""The order of times: image, then beam, then approval; fraction after fraction."""

from __future__ import annotations

from datetime import timedelta

from coding.rules.book import Answer, Severity, rule
from coding.rules.common import as_day, moment
from coding.rules.facts import ChargeFacts
from coding.rules.modalities import is_tracking

IMAGE_BELONGS_WITHIN = timedelta(hours=4)


@rule(
    "R63",
    "image-after-beam",
    "The image was taken after the beam",
    severity=Severity.HOLD,
    confidence="D",
    source="field",
    likely_denial=("CO-226",),
)
def image_after_beam(facts: ChargeFacts) -> Answer:
    imaged, started = facts.session.image_at, facts.session.started_at
    if imaged is None or started is None or imaged <= started:
        return None
    if is_tracking(facts.session.modalities):
        return None
    return (
        f"The image is of {moment(imaged)}, after the treatment began {moment(started)}: guidance "
        "comes before the beam. The therapist corrects a wrong clock."
    )


@rule(
    "R64",
    "approved-before-image",
    "Approved before the image was taken",
    severity=Severity.HOLD,
    confidence="D",
    source="field",
    likely_denial=("CO-226",),
)
def approved_before_image(facts: ChargeFacts) -> Answer:
    reviewed = facts.review.reviewed_at
    taken = facts.session.image_at or facts.session.started_at
    if reviewed is None or taken is None or reviewed >= taken:
        return None
    return (
        f"Approved {moment(reviewed)}, before the image of {moment(taken)}: nobody approves what "
        "is not there yet."
    )


@rule(
    "R65",
    "image-long-before-beam",
    "The image was taken more than four hours before the beam",
    severity=Severity.WARN,
    confidence="D",
    source="field",
    likely_denial=("CO-226",),
)
def image_long_before_beam(facts: ChargeFacts) -> Answer:
    imaged, started = facts.session.image_at, facts.session.started_at
    if imaged is None or started is None or started - imaged <= IMAGE_BELONGS_WITHIN:
        return None
    return (
        f"The image is of {moment(imaged)}, more than four hours before the treatment began "
        f"{moment(started)}: look whether it belongs to this fraction."
    )


@rule(
    "R66",
    "fractions-out-of-order",
    "Fractions out of order",
    severity=Severity.WARN,
    confidence="D",
    source="field",
)
def fractions_out_of_order(facts: ChargeFacts) -> Answer:
    other = facts.session.out_of_order_with
    if other is None:
        return None
    return (
        f"Fractions {facts.session.fraction} and {other} stand in the wrong order of days: look "
        "at their numbers."
    )


@rule(
    "R67",
    "approved-before-beam",
    "Approved before the beam",
    severity=Severity.WARN,
    confidence="D",
    source="field",
)
def approved_before_beam(facts: ChargeFacts) -> Answer:
    reviewed, started = facts.review.reviewed_at, facts.session.started_at
    imaged = facts.session.image_at
    if reviewed is None or started is None or imaged is None:
        return None
    if not imaged <= reviewed < started:
        return None
    return (
        f"Approved {moment(reviewed)}, before the treatment began {moment(started)}: right where "
        "the physician reviewed at the machine, else a clock is wrong."
    )


@rule(
    "R81",
    "time-to-come",
    "A time of the record is later than the day of the review",
    severity=Severity.HOLD,
    confidence="D",
    source="field",
)
def time_to_come(facts: ChargeFacts) -> Answer:
    judged_on = facts.filing.judged_on
    times = {
        "treatment": facts.session.started_at,
        "image": facts.session.image_at,
        "approval": facts.review.reviewed_at,
    }
    if judged_on is None:
        return None
    late = [f"{name} {moment(at)}" for name, at in times.items() if at and at.date() > judged_on]
    if not late:
        return None
    return (
        f"This charge was reviewed on {as_day(judged_on)}, and the record has a later time: "
        f"{', '.join(late)}. Whoever entered it corrects the date or the clock."
    )

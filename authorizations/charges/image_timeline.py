"""The image, the beam, the review and the next treatment on one line, by the facility's clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter

from authorizations.models import GuidanceSession, ImageReview, ReviewDecision
from coding.rules.modalities import is_tracking

STEP, LEFT = 150, 75


@dataclass(frozen=True)
class Station:
    """Something that happened, or that should have: where it stands and how long after the last."""

    x: int
    label: str
    when: datetime | None
    tone: str
    gap: str = ""
    gap_x: int = 0
    is_missing: bool = False


@dataclass(frozen=True)
class TimeLine:
    """The stations in the order of time, and the same in one sentence."""

    stations: tuple[Station, ...]
    sentence: str
    tone: str

    @property
    def width(self) -> int:
        return LEFT * 2 + STEP * (len(self.stations) - 1)

    @property
    def end(self) -> int:
        return self.width - LEFT


Happened = tuple[str, datetime | None, str]


def time_line(
    session: GuidanceSession, reviews: Iterable[ImageReview], following: GuidanceSession | None
) -> TimeLine:
    """Whether the images were approved before the next treatment began, drawn in order."""
    approval = next((r for r in reviews if r.decision == ReviewDecision.APPROVED), None)
    words, tone = verdict(session, approval, following)
    tone_of_image = "bad" if is_image_late(session) else "neutral"
    happened: list[Happened] = [("Image", session.image_at, tone_of_image)]
    happened.append(("Beam", session.started_at if session.is_delivered else None, "neutral"))
    happened += [
        ("Rejected", review.reviewed_at, "bad")
        for review in reviews
        if review.decision == ReviewDecision.REJECTED
    ]
    happened.append(("Approved", approval.reviewed_at if approval else None, tone))
    happened.append(("Next treatment", following.started_at if following else None, "neutral"))
    return TimeLine(stations(in_order(happened), session.facility.tz), words, tone)


def is_image_late(session: GuidanceSession) -> bool:
    """Whether the image was taken after the beam began, and does not watch during it."""
    image, is_given = session.image_at, session.is_delivered
    is_after = is_given and image is not None and image > session.started_at
    return is_after and not is_tracking(session.modalities)


def verdict(
    session: GuidanceSession, approval: ImageReview | None, following: GuidanceSession | None
) -> tuple[str, str]:
    """The documentation gate in one sentence: approved before the next treatment, late or not."""
    before = following.started_at if following else None
    if not session.modalities:
        return "No image was taken.", "neutral"
    if approval is None and before is None:
        return "Not approved yet. It must be, before the next treatment begins.", "warn"
    if approval is None:
        return "Not approved, and the next treatment was given.", "bad"
    if approval.reviewed_at < (session.image_at or session.started_at):
        return "Approved before the image was taken: one of the clocks is wrong.", "bad"
    if before is None:
        return "Approved. The next treatment has not been given yet.", "good"
    distance = span(abs(before - approval.reviewed_at))
    if approval.reviewed_at < before:
        return f"Approved {distance} before the next treatment.", "good"
    return f"Approved {distance} after the next treatment began: too late.", "bad"


def in_order(happened: list[Happened]) -> list[Happened]:
    """By time. What did not happen stands where it belongs: before what follows it in the list."""
    known = [(when, label, tone) for label, when, tone in happened if when]
    ordered: list[Happened] = [
        (label, when, tone) for when, label, tone in sorted(known, key=itemgetter(0))
    ]
    for number, one in enumerate(happened):
        if one[1] is None:
            later = {name for name, _, _ in happened[number + 1 :]}
            spot = next((i for i, o in enumerate(ordered) if o[0] in later), len(ordered))
            ordered.insert(spot, one)
    return ordered


def stations(happened: list[Happened], zone) -> tuple[Station, ...]:
    found: list[Station] = []
    last: datetime | None = None
    for number, (label, when, tone) in enumerate(happened):
        x = LEFT + STEP * number
        is_missing = when is None
        found.append(
            Station(
                x=x,
                label=f"Not {label.lower()}" if is_missing and label == "Approved" else label,
                when=when and when.astimezone(zone),
                tone=tone,
                gap=span(when - last) if when and last and number else "",
                gap_x=x - STEP // 2,
                is_missing=is_missing,
            )
        )
        last = when
    return tuple(found)


def span(time: timedelta) -> str:
    """A length of time as people say it: 4 min, 2 h 5 min, 3 days."""
    minutes = int(time.total_seconds() // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days > 1:
        return f"{days} days" + (f" {hours} h" if hours else "")
    if days:
        return "1 day" + (f" {hours} h" if hours else "")
    if hours:
        return f"{hours} h" + (f" {minutes} min" if minutes else "")
    return f"{minutes} min"

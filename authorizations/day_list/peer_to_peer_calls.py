"""The peer-to-peers that a physician has to make, with how long until each."""

from __future__ import annotations

from datetime import datetime, tzinfo

from accounts.models import User
from authorizations.models import PeerToPeer
from authorizations.worklists.payer_answers import calls_to_make

MOST_CALLS = 20


def calls_of_physician(person: User, now: datetime) -> list[tuple[PeerToPeer, str, str]]:
    """The calls of this physician: each with how long until it, and its tone."""
    rows = calls_to_make(person, now).filter(physician__user=person)
    related = ("event__authorization__course__patient", "event__authorization__plan__payer")
    rows = rows.select_related(*related, "event__authorization__facility")[:MOST_CALLS]
    return [(call, *until(call.scheduled_at, now, call.authorization.facility.tz)) for call in rows]


def until(moment: datetime, now: datetime, zone: tzinfo) -> tuple[str, str]:
    """In 2 days, by the dates on the wall; in 3 hours, on the day itself; and how urgent it is."""
    days = (moment.astimezone(zone).date() - now.astimezone(zone).date()).days
    minutes = abs(round((moment - now).total_seconds() / 60))
    count, unit = (minutes // 60, "hour") if minutes >= 60 else (minutes, "minute")
    if days:
        count, unit = abs(days), "day"
    words = f"{count} {unit}{'s' * (count != 1)}"
    tone = "bad" if moment < now else "warn" if days <= 1 else "info"
    return (f"in {words}" if moment >= now else f"{words} ago"), tone

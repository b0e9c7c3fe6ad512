"""The clocks of a page: the facility's, by which it shows days and times, and the moment it is
about, which is now unless somebody looks back.
"""

from __future__ import annotations

from contextvars import ContextVar
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.roles import Permission
from accounts.scoping import facilities_of
from accounts.web.middleware import Handler

_known_at: ContextVar[datetime | None] = ContextVar("known_at", default=None)


def known_at() -> datetime | None:
    """The past moment this page looks back to; None for a page about now."""
    return _known_at.get()


def look_back_to(moment: datetime | None) -> None:
    """From here on pages are about that moment (None: about now)."""
    _known_at.set(moment)


def now() -> datetime:
    """The moment a page is about: what is overdue, due or old is counted from it."""
    return known_at() or timezone.now()


def today() -> date:
    """The day of that moment, by the clock of the person's facility."""
    return timezone.localdate(now())


def facility_clock(get_response: Handler) -> Handler:
    """Show days and times by the clock of the person's facility (of their first, with several)."""

    def with_clock(request: HttpRequest) -> HttpResponse:
        name = clock_of(request) if request.user.is_authenticated else ""
        with timezone.override(name or None):
            return get_response(request)

    return with_clock


def clock_of(request: HttpRequest) -> str:
    """The time zone of the person's first facility, looked up once for each sign-in."""
    if "time_zone" not in request.session:
        first = facilities_of(request.user, *Permission).order_by("code").first()
        request.session["time_zone"] = first.time_zone if first else ""
    return str(request.session["time_zone"])

"""The clock of the person's facility: by it pages show days and times."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.middleware import Handler
from accounts.scoping import facilities_of


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
        first = facilities_of(request.user).order_by("code").first()
        request.session["time_zone"] = first.time_zone if first else ""
    return str(request.session["time_zone"])

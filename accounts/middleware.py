"""What happens around every page: a strict content policy, request numbers, idle and absolute
logoff.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

request_number: ContextVar[str] = ContextVar("request_number", default="-")

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
Handler = Callable[[HttpRequest], HttpResponse]
# What apps do with a request that comes too late, before its sender is signed out.
before_logoff: list[Callable[[HttpRequest], None]] = []


def security_headers(get_response: Handler) -> Handler:
    """Nothing inline runs, nothing is framed, and pages of signed-in people are not stored."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=()"
        )
        if getattr(request, "user", None) and request.user.is_authenticated:
            patch_cache_control(response, no_store=True, private=True)
        return response

    return handle


def numbered_requests(get_response: Handler) -> Handler:
    """Each request gets a number that its log lines and its history share."""

    def handle(request: HttpRequest) -> HttpResponse:
        token = request_number.set(uuid.uuid4().hex[:12])
        try:
            response = get_response(request)
            response.headers["X-Request-Number"] = request_number.get()
            return response
        finally:
            request_number.reset(token)

    return handle


def automatic_logoff(get_response: Handler) -> Handler:
    """Sign out after 15 idle minutes or 12 hours; polling does not count as work."""

    def handle(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and has_expired(request):
            for keep in before_logoff:
                keep(request)
            logout(request)
            messages.info(request, "You were signed out because nothing happened for a while.")
        elif request.user.is_authenticated and request.headers.get("X-Polling") != "1":
            touch(request)
        return get_response(request)

    return handle


def has_expired(request: HttpRequest) -> bool:
    now = time.time()
    started = request.session.get("signed_in_at", now)
    seen = request.session.get("last_seen_at", now)
    return (
        now - seen > settings.IDLE_LOGOFF_SECONDS
        or now - started > settings.ABSOLUTE_LOGOFF_SECONDS
    )


def touch(request: HttpRequest) -> None:
    """Note the work, at most once a minute, so that reading does not write every time."""
    now = time.time()
    request.session.setdefault("signed_in_at", now)
    if now - request.session.get("last_seen_at", 0) > settings.IDLE_LOGOFF_SECONDS / 15:
        request.session["last_seen_at"] = now

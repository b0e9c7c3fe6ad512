"""What happens around every page: a strict content policy, request numbers, idle and absolute
logoff.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import Resolver404, resolve
from django.utils.cache import patch_cache_control
from django_htmx.http import HttpResponseClientRedirect

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
# What is done with a request that comes too late, before its sender is signed out; whether
# something of it was kept.
before_logoff: list[Callable[[HttpRequest], bool]] = []
# Pages that a script asks for by itself, by name: asking for them is no work.
POLLED_PAGES: frozenset[str] = frozenset({"release_run_detail", "rejudge_run_detail"})
SIGNED_OUT = "You were signed out because nothing happened for a while."


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
    """Sign out after 15 idle minutes or 12 hours; what a script polls does not count as work."""

    def handle(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and has_expired(request):
            was_kept = [keep(request) for keep in before_logoff]
            logout(request)
            kept = " What you sent was not done, and is kept: sign in to send it again."
            messages.info(request, SIGNED_OUT + kept * any(was_kept))
        elif request.user.is_authenticated:
            touch(request, is_work=not is_polled(request))
        return get_response(request)

    return handle


def sign_in_as_a_page(get_response: Handler) -> Handler:
    """A script that asked for a part of a page after the logoff opens the sign-in page instead.

    Else the sign-in form would stand in the middle of the page, and lead back to the part.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_part = request.headers.get("HX-Request") == "true"
        if not is_part or response.status_code != HTTPStatus.FOUND:
            return response
        sign_in = resolve_url(settings.LOGIN_URL)
        if urlsplit(response.headers["Location"]).path != sign_in:
            return response
        page = path_of(request.headers.get("HX-Current-URL", ""))
        address = f"{sign_in}?{urlencode({'next': page})}" if page else sign_in
        return HttpResponseClientRedirect(address)

    return handle


def path_of(address: str) -> str:
    """The path of the page on which a script runs, with its query."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def is_polled(request: HttpRequest) -> bool:
    """Whether a script asks for this page by itself. The server decides, not the sender."""
    try:
        return bool(POLLED_PAGES) and resolve(request.path_info).view_name in POLLED_PAGES
    except Resolver404:
        return False


def has_expired(request: HttpRequest) -> bool:
    now = time.time()
    started = request.session.get("signed_in_at", now)
    seen = request.session.get("last_seen_at", now)
    return (
        now - seen > settings.IDLE_LOGOFF_SECONDS
        or now - started > settings.ABSOLUTE_LOGOFF_SECONDS
    )


def start_clocks(request: HttpRequest) -> None:
    """Both clocks start when somebody signs in."""
    request.session["signed_in_at"] = request.session["last_seen_at"] = time.time()


def touch(request: HttpRequest, *, is_work: bool) -> None:
    """Note the work, at most once a minute, so that reading does not write every time."""
    now = time.time()
    if "signed_in_at" not in request.session or "last_seen_at" not in request.session:
        start_clocks(request)
    elif is_work and now - request.session["last_seen_at"] > settings.IDLE_LOGOFF_SECONDS / 15:
        request.session["last_seen_at"] = now

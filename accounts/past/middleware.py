"""Looking back: every page as it was known at a past moment, until the person returns to now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from accounts.models import AccessEvent
from accounts.past.clock import known_at, look_back_to
from accounts.past.history_views import SCHEMA
from accounts.web.middleware import Handler

KEY = "known_at"
# Pages about the person and the moment itself; they are always about now.
ABOUT_NOW = frozenset(
    {"known_at", "login", "logout", "admin:logout", "theme", "password_change", "readyz"}
)
# Sent, but only read: the text of a search never stands in an address.
ONLY_READ = frozenset({"search", "try_rules"})


@contextmanager
def as_known(moment: datetime) -> Iterator[None]:
    """Answer every question from the history as it stood at that moment. Writes are refused."""
    features, before = connection.features, known_at()
    with transaction.atomic():
        set_path(moment)
        look_back_to(moment)
        # A view has no primary key that GROUP BY could stand on.
        features.allows_group_by_selected_pks = False
        try:
            yield
        finally:
            del features.allows_group_by_selected_pks
            look_back_to(before)
            transaction.set_rollback(True)


def set_path(moment: datetime) -> None:
    """For the rest of this transaction only."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('search_path', %s || current_setting('search_path'), true),"
            " set_config('ledger.known_at', %s, true),"
            " set_config('transaction_read_only', 'on', true)",
            [f"{SCHEMA}, ", moment.isoformat()],
        )


def look_back(get_response: Handler) -> Handler:
    """Show pages as they were known at the moment kept in the session; change nothing meanwhile."""

    def handle(request: HttpRequest) -> HttpResponse:
        moment = request.session.get(KEY) if request.user.is_authenticated else None
        request.known_at = datetime.fromisoformat(moment) if moment else None
        page = view_name_of(request)
        if request.known_at is None or page in ABOUT_NOW:
            return get_response(request)
        if request.method not in ("GET", "HEAD") and page not in ONLY_READ:
            return render(request, "accounts/looking_back.html", status=409)
        return answer(request, get_response)

    return handle


def view_name_of(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""


def answer(request: HttpRequest, get_response: Handler) -> HttpResponse:
    """The page of that moment. That it was read is written now, and before it is sent."""
    request.access_to_record = []
    with as_known(request.known_at):
        response = get_response(request)
    AccessEvent.objects.bulk_create(request.access_to_record)
    return response


def open_work_since() -> datetime | None:
    """Since when somebody's work has been going on that may still be written; None when none is.

    What a transaction writes is dated from its start, so a moment after that start is not settled.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(xact_start) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return cursor.fetchone()[0]


def history_begins() -> datetime | None:
    """When the first facility was recorded: before it there is nothing to look back to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pgh_created_at FROM accounts_facilityhistory ORDER BY pgh_id LIMIT 1"
        )
        row = cursor.fetchone()
    return row[0] if row else None

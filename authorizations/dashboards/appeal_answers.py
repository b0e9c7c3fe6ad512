"""Answers to appeals and to peer-to-peers: which requests had one in a period, and gained by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from django.db.models import DateField, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, TruncDate

from authorizations.dashboards.aggregates import Where
from authorizations.dashboards.period import Period
from authorizations.models import AuthorizationEvent
from authorizations.workflow import APPEAL as APPEAL
from authorizations.workflow import PEER_TO_PEER as PEER_TO_PEER

Answer = tuple[int, str, bool]  # request, what it answers, whether it allows more than before


def appeal_answers(period: Period) -> list[Answer]:
    """The answers of the period by the date of the letter, looked up once for all figures.

    An answer says of itself what it answers and whether it gains; one typed wrongly gives way to
    the one that mends it. None is typed before its letter,
    so those typed before the period are not looked at.
    """
    key = f"contests {period.days}"
    if key not in period.books:
        before = datetime.combine(period.since - timedelta(days=1), time.min, tzinfo=UTC)
        letter = Cast(KeyTextTransform("decided_on", "details"), DateField())
        rows = (
            AuthorizationEvent.objects.in_effect()
            .filter(details__has_key="contest", at__gte=before)
            .annotate(day=Coalesce(letter, TruncDate("at")))
        )
        mended = rows.filter(details__has_key="corrects").values_list(
            "details__corrects", flat=True
        )
        found = rows.filter(day__range=period.days).exclude(pk__in=set(mended)).order_by()
        period.books[key] = list(
            found.values_list("authorization", "details__contest", "details__gained")
        )
    return period.books[key]


def requests_with_answers(period: Period) -> set[int]:
    """The requests with any such answer."""
    return {request for request, _, _ in appeal_answers(period)}


def of(contest: str, *, is_won: bool = False) -> Where:
    """The requests with an answer to this kind of contest; or those that gained by one."""

    def numbers(period: Period) -> Iterator[int]:
        for request, which, gained in appeal_answers(period):
            if which == contest and (gained or not is_won):
                yield request

    return lambda period: Q(pk__in=set(numbers(period)))

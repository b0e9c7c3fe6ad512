"""Our charges that a known error of a payer concerns: to be watched, not written off."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from accounts.models import User
from accounts.roles import Permission
from authorizations.models import Charge, ChargeStatus
from payers.models import KnownPayerError

READERS = (Permission.REVIEW_CHARGES, Permission.READ_AUDIT)
RELATED = ("session__course__patient", "session__facility", "facility", "plan__payer", "batch")


@dataclass(frozen=True)
class ErrorImpact:
    """A known error with how many of our charges it concerns, and their expected dollars."""

    error: KnownPayerError
    count: int
    dollars: Decimal


def charges_of_error(error: KnownPayerError) -> Q:
    """The charges that a known error is about, but void ones and those not billed."""
    concerned = Q(plan__payer=error.payer_id, code=error.code)
    concerned &= Q(date_of_service__gte=error.effective_from)
    if error.effective_through:
        concerned &= Q(date_of_service__lte=error.effective_through)
    if error.line_of_business:
        concerned &= Q(plan__line_of_business=error.line_of_business)
    if error.modifier:
        concerned &= Q(modifiers__contains=[error.modifier])
    if error.states:
        concerned &= Q(facility__state__in=error.states)
    if error.places_of_service:
        concerned &= Q(place_of_service__in=error.places_of_service)
    return concerned & ~Q(status__in=(ChargeStatus.VOID, ChargeStatus.NOT_BILLABLE))


def error_impacts(user: User) -> list[ErrorImpact]:
    """Every known error with what it concerns at the person's facilities, in one question."""
    errors = list(KnownPayerError.objects.select_related("payer").order_by("-effective_from", "pk"))
    asked: dict[str, Any] = {}
    for error in errors:
        asked[f"count_{error.pk}"] = Count("pk", filter=charges_of_error(error))
        asked[f"dollars_{error.pk}"] = Sum("amount", filter=charges_of_error(error))
    found = Charge.objects.for_user(user, *READERS).order_by().aggregate(**asked) if asked else {}
    return [
        ErrorImpact(error, found[f"count_{error.pk}"], found[f"dollars_{error.pk}"] or Decimal())
        for error in errors
    ]


def rows_of_error(error: KnownPayerError, user: User) -> QuerySet[Charge]:
    """The charges of a known error at the person's facilities, the oldest day first."""
    rows = Charge.objects.for_user(user, *READERS).filter(charges_of_error(error))
    return rows.select_related(*RELATED).order_by("date_of_service", "pk")

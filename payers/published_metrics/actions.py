"""Entering what a payer has published: all figures of one report at once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from payers.models import Payer
from payers.published import PublishedMetric

REPORT = ("payer", "line_of_business", "contract", "year", "metric")
SAID = ("value", "source_url", "entered_by", "entered_at")


@transaction.atomic
def enter_metrics(
    *,
    payer: Payer,
    line_of_business: str,
    year: int,
    contract: str,
    source_url: str,
    values: Mapping[str, Decimal],
    by: User,
) -> list[PublishedMetric]:
    """Write the figures of a report; one already there is corrected, its history keeps the old."""
    rows = [
        PublishedMetric(
            payer=payer,
            line_of_business=line_of_business,
            year=year,
            contract=contract,
            metric=metric,
            value=value,
            source_url=source_url,
            entered_by=by,
        )
        for metric, value in values.items()
    ]
    return PublishedMetric.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=REPORT, update_fields=SAID
    )

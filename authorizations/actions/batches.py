"""Drawing released charges into numbered batches, one for each facility and payer."""

from __future__ import annotations

from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Count, Max, Sum

from accounts.models import Facility, User
from authorizations.models import Batch, Charge, ChargeStatus
from payers.models import Payer

NUMBERING_LOCK = 77387


@transaction.atomic
def draw_batch(*, facility: Facility, payer: Payer, by: User) -> Batch | None:
    """All released charges of one facility and payer that are in no batch yet; None if there are
    none.

    Numbers have no gaps: they are given one at a time, under a lock, in the same transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERING_LOCK])
    charges = list(
        Charge.objects.select_for_update(of=("self",)).filter(
            facility=facility,
            plan__payer=payer,
            status=ChargeStatus.RELEASED,
            batch__isnull=True,
        )
    )
    if not charges:
        return None
    batch = Batch.objects.create(
        number=(Batch.objects.aggregate(top=Max("number"))["top"] or 0) + 1,
        facility=facility,
        payer=payer,
        units=sum(charge.units for charge in charges),
        amount=sum((charge.amount or Decimal(0) for charge in charges), Decimal(0)),
        created_by=by,
    )
    Charge.objects.filter(pk__in=[charge.pk for charge in charges]).update(batch=batch)
    return batch


def waiting_batches(charges) -> list[dict]:
    """Facility and payer pairs among these charges with something to draw: count and dollars."""
    return list(
        charges.filter(status=ChargeStatus.RELEASED, batch__isnull=True, plan__isnull=False)
        .values("facility", "facility__name", "plan__payer", "plan__payer__name")
        .annotate(count=Count("id"), units=Sum("units"), amount=Sum("amount"))
        .order_by("facility__name", "plan__payer__name")
    )

"""Drawing released charges into numbered batches, one for each facility and payer or issuer."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.utils.encoding import force_str

from accounts.models import Facility, User
from accounts.web.text import shown_day
from authorizations.batches.rows import batch_export_rows
from authorizations.exchange.charges_csv import COLUMNS, write_rows
from authorizations.models import Batch, Charge, ChargeStatus, PriorAuthorization
from payers.models import Issuer, Payer

NUMBERING_LOCK = 77387
RELEASED = Q(status=ChargeStatus.RELEASED, batch__isnull=True)
# A batch drawn before its issuer was known corrects lines of any issuer of its payer.
SAME_ISSUER = (
    Q(replaces__batch__issuer__isnull=True)
    | Q(plan__issuer__isnull=True)
    | Q(replaces__batch__issuer=F("plan__issuer"))
)


def take_numbering_lock() -> None:
    """Numbers have no gaps: they are given one at a time, in the transaction that uses them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERING_LOCK])


@transaction.atomic
def draw_batch(
    *, facility: Facility, payer: Payer, by: User, issuer: Issuer | None = None
) -> Batch | None:
    """All released charges of one facility and payer that are in no batch yet; None if there are
    none. Of an issuer, where one is given; else of plans whose issuer is not known.

    The successor of a charge that left in a batch waits for that batch's correction. A charge whose
    unit is of a line no longer in force stays behind (``not_drawn`` names it); the others go.
    """
    take_numbering_lock()
    rows = to_draw(charges_for(facility, payer, issuer))
    found = rows.select_for_update(of=("self",)).order_by("date_of_service", "pk")
    charges = [charge for charge in with_authorization(found) if not why_not_drawn(charge)]
    if not charges:
        return None
    return write_batch(facility, payer, charges, (), by, issuer=issuer)


def charges_for(facility: Facility, payer: Payer, issuer: Issuer | None) -> QuerySet[Charge]:
    """Charges of a facility whose claims one payer, or one of its issuers, takes."""
    return Charge.objects.filter(facility=facility, plan__payer=payer, plan__issuer=issuer)


@transaction.atomic
def reopen_batch(*, batch: Batch, by: User) -> Batch | None:
    """A new batch that corrects an earlier one: its void lines taken back, their successors sent.

    The earlier one stays as it was. None where nothing of it is to be corrected.
    """
    take_numbering_lock()
    voided = list(
        to_withdraw(batch).select_for_update(of=("self",)).order_by("date_of_service", "pk")
    )
    successors = successors_of(batch).select_for_update(of=("self",))
    found = with_authorization(successors).order_by("date_of_service", "pk")
    charges = [charge for charge in found if not why_not_drawn(charge)]
    if not voided and not charges:
        return None
    return write_batch(
        batch.facility, batch.payer, charges, voided, by, issuer=batch.issuer, reopens=batch
    )


def with_authorization(charges: QuerySet[Charge]) -> QuerySet[Charge]:
    return charges.select_related(
        "session__authorized_service__authorization", "session__course__patient"
    )


def not_drawn(charges: QuerySet[Charge]) -> list[str]:
    """Of released charges that wait, why some are left behind and what to do, each by its name."""
    found = with_authorization(charges).order_by("date_of_service", "pk")
    return [why for why in map(why_not_drawn, found) if why]


def why_not_drawn(charge: Charge) -> str:
    """Why a released charge cannot leave: its unit is of a line that does not allow the day."""
    line = charge.session.authorized_service
    if line is None or line.is_in_force(charge.date_of_service):
        return ""
    return (
        f"{charge.session.course.code}, fraction {charge.session.fraction}: {line} of "
        f"{line.authorization} does not allow {shown_day(charge.date_of_service)} any more. Void "
        "the charge, or have the front desk mend the decision."
    )


def to_draw(charges: QuerySet[Charge]) -> QuerySet[Charge]:
    """Released charges in no batch, but for those that correct a line of one of the same payer."""
    corrects = Q(replaces__batch__isnull=False, replaces__batch__payer=F("plan__payer"))
    corrects &= SAME_ISSUER
    return charges.filter(RELEASED, plan__isnull=False).exclude(corrects).exclude(unproved())


def unproved() -> Q:
    """Charges on an approval asserted without a document, but for those overridden by two."""
    asserted = PriorAuthorization.objects.asserted().values("pk")
    return Q(overridden_at__isnull=True, session__authorized_service__authorization__in=asserted)


def waiting_for_proof(charges: QuerySet[Charge]) -> int:
    """Released charges that no batch takes until the letter or the portal's page is attached."""
    return charges.filter(RELEASED).filter(unproved()).count()


def to_withdraw(batch: Batch) -> QuerySet[Charge]:
    """Lines of a batch that became void and that no correction has taken back yet."""
    return Charge.objects.filter(batch=batch, status=ChargeStatus.VOID, withdrawn_in__isnull=True)


def lines_to_correct(batch: Batch) -> set[int]:
    """The lines of a batch that became void, or whose successor waits to be sent; each once."""
    return {
        *to_withdraw(batch).values_list("pk", flat=True),
        *successors_of(batch).values_list("replaces", flat=True),
    }


def successors_of(batch: Batch) -> QuerySet[Charge]:
    """Released successors of this batch's void lines that wait to be sent."""
    rows = Charge.objects.filter(
        RELEASED, SAME_ISSUER, replaces__batch=batch, plan__payer=batch.payer
    )
    return rows.exclude(unproved())


def write_batch(
    facility: Facility,
    payer: Payer,
    charges: list[Charge],
    voided: list[Charge] | tuple[()],
    by: User,
    issuer: Issuer | None = None,
    reopens: Batch | None = None,
) -> Batch:
    """Number, freeze and write a batch; its rows are kept as they were drawn."""
    number = (Batch.objects.aggregate(top=Max("number"))["top"] or 0) + 1
    rows = list(batch_export_rows(charges, number, voided))
    file = write_rows(COLUMNS, rows)
    batch = Batch.objects.create(
        number=number,
        facility=facility,
        payer=payer,
        issuer=issuer,
        units=sum(charge.units for charge in charges),
        amount=sum((charge.amount or Decimal(0) for charge in charges), Decimal(0)),
        reopens=reopens,
        rows=[as_stored_row(row) for row in rows],
        file=file,
        file_hash=hashlib.sha256(file.encode()).hexdigest(),
        created_by=by,
    )
    Charge.objects.filter(pk__in=[charge.pk for charge in charges]).update(batch=batch)
    Charge.objects.filter(pk__in=[charge.pk for charge in voided]).update(withdrawn_in=batch)
    return batch


def as_stored_row(row: dict[str, object]) -> dict[str, object]:
    """A row as it is kept: whole numbers stay numbers, dollars become text."""
    return {k: v if isinstance(v, int) or v is None else force_str(v) for k, v in row.items()}


def waiting_batches(charges: QuerySet[Charge]) -> list[dict[str, Any]]:
    """Facility and payer, or issuer, with something to draw: how many charges and dollars."""
    return list(
        to_draw(charges)
        .values(
            *("facility", "facility__name", "facility__code"),
            *("plan__payer", "plan__payer__name", "plan__issuer", "plan__issuer__name"),
        )
        .annotate(count=Count("id"), units=Sum("units"), amount=Sum("amount"))
        .order_by("facility__name", "plan__payer__name", "plan__issuer__name")
    )


def waiting_corrections(charges: QuerySet[Charge]) -> list[dict[str, Any]]:
    """Batches with void lines to take back or successors to send."""
    found: dict[int, dict[str, Any]] = {}
    gone = (
        charges.filter(status=ChargeStatus.VOID, batch__isnull=False, withdrawn_in__isnull=True)
        .values("batch", "batch__number", "batch__facility")
        .annotate(n=Count("pk"))
    )
    new = charges.filter(RELEASED, SAME_ISSUER, replaces__batch__payer=F("plan__payer"))
    for row in gone:
        found[row["batch"]] = correction_row(*row_key(row, "batch"), voided=row["n"])
    rows = new.values(*(f"replaces__batch{part}" for part in ("", "__number", "__facility")))
    for row in rows.annotate(n=Count("pk"), amount=Sum("amount")):
        key = row["replaces__batch"]
        entry = found.setdefault(key, correction_row(*row_key(row, "replaces__batch")))
        entry |= {"successors": row["n"], "amount": row["amount"]}
    return sorted(found.values(), key=lambda row: row["number"])


def row_key(row: dict[str, Any], batch: str) -> tuple[int, int, int]:
    """The batch, its number and its facility."""
    return row[batch], row[f"{batch}__number"], row[f"{batch}__facility"]


def correction_row(batch: int, number: int, facility: int, voided: int = 0) -> dict[str, Any]:
    counts = {"voided": voided, "successors": 0, "amount": None}
    return {"batch": batch, "number": number, "facility": facility, **counts}

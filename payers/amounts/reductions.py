"""What is taken off a payer's own payment by law: shown apart, never part of what is expected."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.db.models import Q

from accounts.database.constraints import never_overlapping, one_of
from accounts.database.triggers import tracked
from coding.amounts import line_amount, money
from coding.effective import Effective, Sourced, dated, sourced
from payers.lines_of_business import LineOfBusiness


@tracked
class PaymentReduction(Effective, Sourced):
    """Sequestration: so many percent off what the program itself pays, by date of service."""

    line_of_business = models.CharField(max_length=28, choices=LineOfBusiness)
    program_share_percent = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        help_text="The program's part of the allowed amount; the rest is coinsurance.",
    )
    percent = models.DecimalField(
        max_digits=5, decimal_places=2, help_text="Percent taken off the program's part."
    )

    class Meta:
        ordering = ("line_of_business", "effective_from")
        constraints = (
            *sourced("payment_reduction"),
            dated("payment_reduction"),
            one_of("payment_reduction_line_known", "line_of_business", LineOfBusiness),
            models.CheckConstraint(
                condition=Q(percent__range=(0, 100), program_share_percent__range=(0, 100)),
                name="payment_reduction_percents",
            ),
            never_overlapping("payment_reduction_never_overlaps", "line_of_business"),
        )

    def __str__(self) -> str:
        return f"{self.percent} % ({self.get_line_of_business_display()}, {self.span})"


@dataclass(frozen=True)
class Payment:
    """An expected amount by who bears it: program, patient, and what the law takes off."""

    expected: Decimal
    program: Decimal
    coinsurance: Decimal
    reduction: Decimal
    percent: Decimal
    source: str

    @property
    def paid(self) -> Decimal:
        """What the program is expected to send."""
        return self.program - self.reduction


# Of the fee schedule less the coinsurance: CMS Pub 100-04 ch. 4 §250.2, as copied (confidence B).
BY_METHOD_II = Decimal("1.15")


def payment(
    one_unit: Decimal, units: int, row: PaymentReduction, *, times: Decimal = Decimal(1)
) -> Payment:
    """The parts of a line's amount, each to the cent for one unit, times the units.

    The reduction is taken of the program's part in cents, as a remittance adjusts it (CO-253).
    ``times``: by what the program's part alone is raised.
    """
    part = one_unit * row.program_share_percent / 100
    coinsurance = line_amount(one_unit, units) - line_amount(part, units)
    share = money(part * times)
    program = line_amount(share, units)
    reduction = line_amount(share * row.percent / 100, units)
    expected = program + coinsurance
    return Payment(expected, program, coinsurance, reduction, row.percent, row.source)

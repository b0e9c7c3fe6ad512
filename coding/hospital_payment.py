"""How Medicare pays a hospital's outpatient department for a code (OPPS, Addendum B)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.database.constraints import never_overlapping
from accounts.database.triggers import tracked
from coding.effective import Effective, Sourced, dated, sourced

NOT_PAID_SEPARATELY = "N"
MEANINGS = {
    "A": "paid under another fee schedule",
    "B": "not recognised on the hospital's outpatient claim",
    "C": "inpatient only",
    "D": "discontinued",
    "E1": "not covered by Medicare",
    "E2": "no pricing information",
    "J1": "comprehensive payment: everything else of the claim is inside it",
    "J2": "comprehensive payment where its conditions are met",
    "M": "not billable to the contractor",
    "N": "packaged, reported with its charge, not paid separately",
    "Q1": "packaged beside a service with S, T or V of the day, else paid separately",
    "Q2": "packaged beside a service with T of the day, else paid separately",
    "Q3": "may be paid through a composite",
    "Q4": "packaged laboratory test unless alone",
    "S": "paid separately, not reduced beside others",
    "T": "paid separately, reduced beside others",
    "V": "visit, paid separately",
}


@tracked
class HospitalPayment(Effective, Sourced):
    """Status indicator, payment class (APC) and national payment of a code in OPPS."""

    code = models.CharField(max_length=5)
    status_indicator = models.CharField(max_length=2, help_text="N packaged, S paid separately.")
    payment_class = models.CharField("APC", max_length=4, blank=True)
    payment = models.DecimalField(
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="National, unadjusted, in dollars. Empty: none is published.",
    )
    release = models.CharField(max_length=40)

    class Meta:
        ordering = ("code", "effective_from")
        constraints = (
            *sourced("hospital_payment"),
            dated("hospital_payment"),
            models.CheckConstraint(
                condition=Q(status_indicator__regex=r"^[A-Z][0-9]?$"),
                name="hospital_payment_status_format",
                violation_error_message="A status indicator, such as N, S or Q1.",
            ),
            models.CheckConstraint(
                condition=Q(payment__isnull=True) | Q(payment__gte=0),
                name="hospital_payment_not_negative",
            ),
            models.CheckConstraint(
                condition=~Q(status_indicator="N") | Q(payment__isnull=True) | Q(payment=0),
                name="hospital_payment_packaged_is_unpaid",
            ),
            never_overlapping("hospital_payment_never_overlaps", "code"),
        )

    def __str__(self) -> str:
        return f"{self.code}: {self.status_indicator} ({self.span})"

    @property
    def meaning(self) -> str:
        """What the hospital does and gets, in words."""
        words = MEANINGS.get(self.status_indicator, "see CMS's list of status indicators")
        apc = f", APC {self.payment_class}" if self.payment_class else ""
        dollars = f", ${self.payment:,}" if self.payment else ""
        return f"{self.status_indicator} {words}{apc}{dollars}"

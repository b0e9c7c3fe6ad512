"""What plans have agreed to pay."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.database.constraints import never_overlapping
from accounts.database.triggers import tracked
from coding.effective import Effective, Sourced, dated, sourced
from payers.models.payers import Plan


@tracked
class ContractRate(Effective, Sourced):
    """What a plan has agreed to pay for one code and modifier, in dollars."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="rates")
    code = models.CharField(max_length=5)
    modifier = models.CharField(max_length=2, blank=True)
    amount = models.DecimalField(max_digits=9, decimal_places=2)

    class Meta:
        ordering = ("plan", "code", "modifier", "effective_from")
        constraints = (
            *sourced("contract_rate"),
            dated("contract_rate"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="contract_rate_not_negative"),
            never_overlapping("contract_rate_never_overlaps", "plan", "code", "modifier"),
        )

    def __str__(self) -> str:
        return f"{self.plan.code} {self.code}-{self.modifier}: {self.amount} ({self.span})"

"""Payers, the issuers among them, and their plans."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from accounts.database.constraints import one_of
from accounts.database.triggers import tracked
from coding.effective import Effective, Sourced, dated, sourced
from payers.lines_of_business import LineOfBusiness
from payers.models.same_payer import keeps_payer, of_one_payer

OTHER_PAYER = "The issuer belongs to another payer: choose one of this payer's."


@tracked
class Payer(models.Model):
    """Who pays: Medicare, a commercial insurer."""

    key = models.SlugField(max_length=24, unique=True)
    name = models.CharField(max_length=80, unique=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


@tracked
class Issuer(Effective, Sourced):
    """A company that issues plans under a payer's name and takes their claims: Anthem, HCSC."""

    key = models.SlugField(max_length=24, unique=True)
    name = models.CharField(max_length=80)
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="issuers")
    electronic_payer_id = models.CharField(
        "payer ID",
        max_length=15,
        blank=True,
        help_text="The number under which it takes electronic claims. Empty: not known.",
    )
    states = ArrayField(
        models.CharField(max_length=2),
        default=list,
        blank=True,
        help_text="Where it issues plans: IL, TX, … Empty: not known, or everywhere.",
    )
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("payer", "name")
        triggers = (keeps_payer("issuer_keeps_payer"),)
        constraints = (
            *sourced("issuer"),
            dated("issuer"),
            models.UniqueConstraint(
                fields=("payer", "name"),
                name="issuer_once_per_payer",
                violation_error_message="This payer already has an issuer of that name.",
            ),
            models.CheckConstraint(
                condition=Q(electronic_payer_id="")
                | Q(electronic_payer_id__regex=r"^[A-Z0-9]{3,15}$"),
                name="issuer_payer_id_format",
                violation_error_message="A payer ID has 3 to 15 digits and capital letters.",
            ),
        )

    def __str__(self) -> str:
        return self.name


@tracked
class Plan(models.Model):
    """A payer's product: its line of business and the state that regulates it."""

    code = models.CharField(max_length=16, unique=True, help_text="Short name used in imports.")
    name = models.CharField(max_length=120)
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="plans")
    issuer = models.ForeignKey(
        Issuer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="plans",
        help_text="The company behind the plan, where the payer has several.",
    )
    line_of_business = models.CharField(max_length=28, choices=LineOfBusiness)
    state = models.CharField(max_length=2, blank=True, help_text="State of regulation, if any.")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("payer", "code")
        triggers = (of_one_payer("plan_issuer_of_payer", "issuer"),)
        constraints = (one_of("plan_line_of_business_known", "line_of_business", LineOfBusiness),)

    def __str__(self) -> str:
        return f"{self.code} – {self.name}"

    def clean(self) -> None:
        """The issuer is one of the payer's."""
        super().clean()
        if self.issuer and self.issuer.payer_id != self.payer_id:
            raise ValidationError({"issuer": OTHER_PAYER})

    @property
    def insurer(self) -> str:
        """Who answers for the plan, by name: its issuer where that is known, else the payer."""
        return f"{self.issuer} ({self.payer})" if self.issuer else str(self.payer)

"""Payers and their plans."""

from __future__ import annotations

from django.db import models

from accounts.database.constraints import one_of
from accounts.database.triggers import tracked
from payers.lines_of_business import LineOfBusiness


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
class Plan(models.Model):
    """A payer's product: its line of business and the state that regulates it."""

    code = models.CharField(max_length=16, unique=True, help_text="Short name used in imports.")
    name = models.CharField(max_length=120)
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="plans")
    line_of_business = models.CharField(max_length=28, choices=LineOfBusiness)
    state = models.CharField(max_length=2, blank=True, help_text="State of regulation, if any.")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("payer", "code")
        constraints = (one_of("plan_line_of_business_known", "line_of_business", LineOfBusiness),)

    def __str__(self) -> str:
        return f"{self.code} – {self.name}"

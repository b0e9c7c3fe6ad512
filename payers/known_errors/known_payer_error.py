"""Lines that a payer is known to deny or reduce by its own mistake, dated and cited."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.database.triggers import tracked
from coding.effective import Effective, Sourced, dated, sourced
from payers.lines_of_business import LineOfBusiness


def short_codes(length: int, help_text: str) -> ArrayField[list[str], list[str]]:
    """A list of codes of one length; empty where the row is about all of them."""
    codes = models.CharField(max_length=length)
    return ArrayField(codes, default=list, blank=True, help_text=help_text)


@tracked
class KnownPayerError(Effective, Sourced):
    """One known mistake of a payer. Its dates are dates of service."""

    payer = models.ForeignKey("payers.Payer", on_delete=models.PROTECT, related_name="known_errors")
    line_of_business = models.CharField(max_length=28, blank=True, choices=LineOfBusiness)
    states = short_codes(2, "States of the facility, such as those of a Medicare contractor.")
    code = models.CharField(max_length=5)
    modifier = models.CharField(max_length=2, blank=True, help_text="Empty: with or without.")
    places_of_service = short_codes(2, "Empty: at every place of service.")
    denial = models.CharField(max_length=40, blank=True, help_text="As it is sent: CO-97 M97.")
    statement = models.CharField(
        max_length=200, help_text="What the payer does wrong, such as: denies it as bundled."
    )
    reprocessing_until = models.DateField(
        null=True,
        blank=True,
        help_text="By when the payer says they are processed again. Empty: no day named.",
    )

    class Meta:
        ordering = ("payer", "code", "effective_from")
        constraints = (
            *sourced("known_payer_error"),
            dated("known_payer_error"),
            models.CheckConstraint(
                condition=Q(line_of_business__in=["", *LineOfBusiness.values]),
                name="known_payer_error_line_of_business_known",
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9A-Z][0-9]{3}[0-9A-Z]$") & ~Q(statement=""),
                name="known_payer_error_says_what",
                violation_error_message="Name the code, and say what the payer does wrong.",
            ),
            models.CheckConstraint(
                condition=Q(reprocessing_until__isnull=True)
                | Q(reprocessing_until__gte=F("effective_from")),
                name="known_payer_error_reprocessed_after",
                violation_error_message="Claims are processed again after the first day concerned.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.payer} {self.line}: {self.statement} ({self.span})"

    @property
    def line(self) -> str:
        """The line concerned: 77387-26."""
        return f"{self.code}-{self.modifier}" if self.modifier else self.code

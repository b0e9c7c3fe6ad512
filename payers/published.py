"""What payers publish about their own decisions, as CMS-0057-F asks of them every year."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.database.constraints import one_of
from accounts.database.triggers import tracked
from accounts.models import User
from payers.lines_of_business import LineOfBusiness
from payers.models.payers import Payer


class Metric(models.TextChoices):
    """One of the figures of the yearly report; percents of requests, or time to the decision."""

    STANDARD_APPROVED = "standard_approved", "Standard requests approved (%)"
    STANDARD_DENIED = "standard_denied", "Standard requests denied (%)"
    APPROVED_AFTER_APPEAL = "approved_after_appeal", "Approved after appeal (%)"
    APPROVED_EXTENDED = "approved_extended", "Approved after more time was taken (%)"
    EXPEDITED_APPROVED = "expedited_approved", "Expedited requests approved (%)"
    EXPEDITED_DENIED = "expedited_denied", "Expedited requests denied (%)"
    STANDARD_MEAN = "standard_mean", "Standard requests, mean time (days)"
    STANDARD_MEDIAN = "standard_median", "Standard requests, median time (days)"
    EXPEDITED_MEAN = "expedited_mean", "Expedited requests, mean time (days)"
    EXPEDITED_MEDIAN = "expedited_median", "Expedited requests, median time (days)"


TIMES = (
    Metric.STANDARD_MEAN,
    Metric.STANDARD_MEDIAN,
    Metric.EXPEDITED_MEAN,
    Metric.EXPEDITED_MEDIAN,
)
PERCENTS = tuple(metric for metric in Metric if metric not in TIMES)
FIRST_YEAR = 2020  # the first reports asked for are about 2025; some payers published before


@tracked
class PublishedMetric(models.Model):
    """One figure a payer has published about a year, typed in by one of us, with its address."""

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="published")
    line_of_business = models.CharField(max_length=28, choices=LineOfBusiness)
    contract = models.CharField(
        max_length=20, blank=True, help_text="The contract or state the report is about, if any."
    )
    year = models.PositiveSmallIntegerField(help_text="The year the figures are about.")
    metric = models.CharField(max_length=24, choices=Metric)
    value = models.DecimalField(
        max_digits=6, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    source_url = models.URLField("address of the report", max_length=400)
    entered_at = models.DateTimeField(auto_now=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("payer", "line_of_business", "-year", "contract", "metric")
        constraints = (
            one_of("published_metric_line_known", "line_of_business", LineOfBusiness),
            one_of("published_metric_known", "metric", Metric),
            models.UniqueConstraint(
                fields=("payer", "line_of_business", "contract", "year", "metric"),
                name="published_metric_once",
                violation_error_message="This figure of that year is already here.",
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0) & (Q(metric__in=TIMES) | Q(value__lte=100)),
                name="published_metric_plausible",
                violation_error_message="A percentage is between 0 and 100, a time not negative.",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=FIRST_YEAR, year__lt=2100),
                name="published_metric_year_plausible",
            ),
            models.CheckConstraint(
                condition=~Q(source_url=""),
                name="published_metric_has_source",
                violation_error_message="Give the address of the payer’s report.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_metric_display()} {self.year}: {self.value}"

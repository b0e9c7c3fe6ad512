"""How the authorization spreadsheet of a facility is read, as a person matched it once."""

from __future__ import annotations

from django.db import models

from accounts.database.constraints import one_of
from accounts.database.triggers import tracked
from accounts.models import Facility, User


class DateOrder(models.TextChoices):
    """Which of three numbers is the month."""

    SHOWN = "", "As the columns show"
    MONTH_FIRST = "mdy", "month/day/year (11/03/2026 is 3 November)"
    DAY_FIRST = "dmy", "day/month/year (11/03/2026 is 11 March)"


@tracked
class SheetMatch(models.Model):
    """The headings, dates and words of a facility's authorization spreadsheet."""

    facility = models.OneToOneField(Facility, on_delete=models.PROTECT, related_name="sheet_match")
    columns = models.JSONField(help_text="For each of our columns, the heading in the sheet.")
    words = models.JSONField(
        default=dict, blank=True, help_text="By column: their words and the one of ours each means."
    )
    date_order = models.CharField(
        max_length=3, choices=DateOrder, default=DateOrder.SHOWN, blank=True
    )
    saved_at = models.DateTimeField(auto_now=True)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("facility",)
        verbose_name_plural = "sheet matches"
        constraints = (one_of("sheet_match_date_order_known", "date_order", DateOrder),)

    def __str__(self) -> str:
        return f"spreadsheet of {self.facility.code}"

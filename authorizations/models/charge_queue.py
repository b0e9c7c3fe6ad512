"""Who a charge is given to, who has it open now, and how a person left a list."""

from __future__ import annotations

from django.db import models

from accounts.database.triggers import tracked
from accounts.models import User
from authorizations.models.charges import Charge


@tracked
class ChargeAssignment(models.Model):
    """A charge that somebody answers for. One without a row is nobody's in particular."""

    charge = models.OneToOneField(Charge, on_delete=models.PROTECT, related_name="assignment")
    assigned_to = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="charge_assignments"
    )
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("charge",)

    def __str__(self) -> str:
        return f"for {self.assigned_to}"


class ChargeVisit(models.Model):
    """When a coder last opened a charge. For some minutes others see that it is being worked."""

    charge = models.ForeignKey(Charge, on_delete=models.CASCADE, related_name="visits")
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at",)
        constraints = (
            models.UniqueConstraint(fields=("charge", "by"), name="charge_visit_once_per_person"),
        )

    def __str__(self) -> str:
        return f"{self.by} at {self.at:%H:%M}"


class RememberedView(models.Model):
    """The filters a person last used on a list; they stand again when they come back."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=40)
    query = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("owner", "page")
        constraints = (
            models.UniqueConstraint(fields=("owner", "page"), name="remembered_view_once"),
        )

    def __str__(self) -> str:
        return f"{self.page} of {self.owner}"

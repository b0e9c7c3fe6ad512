"""Machine channels: systems that bring treatments under a credential of their own."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q

from accounts.database.constraints import paired
from accounts.database.triggers import tracked
from accounts.models import Facility, User

COMMAND_LINE = "command line"


class MachineChannelQuerySet(models.QuerySet):
    """Channels as an import asks for them."""

    def in_force(self) -> Self:
        """Active, and confirmed by an administrator; the command line needs no confirmation."""
        return self.filter(Q(confirmed_at__isnull=False) | Q(name=COMMAND_LINE), is_active=True)


@tracked
class MachineChannel(models.Model):
    """A machine that brings treatments with a credential of its own: its approvals count.

    What a person uploads is only a report. The command line is the channel of whoever runs the
    server: its credential is the access to the server itself.
    """

    name = models.CharField(max_length=60, unique=True)
    facility = models.ForeignKey(
        Facility,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty means every facility.",
    )
    credential_hash = models.CharField(
        max_length=64, blank=True, editable=False, help_text="SHA-256; the credential is not kept."
    )
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = MachineChannelQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=Q(credential_hash__regex=r"^[0-9a-f]{64}$")
                | Q(name=COMMAND_LINE, credential_hash=""),
                name="machine_channel_has_credential",
            ),
            paired("machine_channel_confirmed_pair", "confirmed_at", "confirmed_by"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("made_by")),
                name="machine_channel_by_two_people",
                violation_error_message="Another administrator confirms a channel.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def serves(self, facility: Facility) -> bool:
        """Whether it brings what happens at this facility."""
        return self.facility_id in (None, facility.pk)

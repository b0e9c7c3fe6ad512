"""Packets that went to payers: exactly as they were made, by whom and when."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q

from accounts.database.triggers import append_only
from accounts.models import User
from accounts.roles import Permission
from authorizations.models.prior_authorizations import PriorAuthorization


class RequestPacketQuerySet(models.QuerySet[Any]):
    """Packets as a person may see them."""

    def for_user(self, user: User, permission: Permission, *others: Permission) -> Self:
        """Packets of requests where the person holds one of these permissions."""
        requests = PriorAuthorization.objects.for_user(user, permission, *others)
        return self.filter(authorization__in=requests)


class RequestPacket(models.Model):
    """A request as it was printed for the payer, kept by the hash of its content for good."""

    authorization = models.ForeignKey(
        PriorAuthorization, on_delete=models.PROTECT, related_name="packets"
    )
    recipient = models.CharField("to", max_length=200)
    words = models.TextField("what the cover says", max_length=8000, blank=True)
    contents = models.JSONField(help_text="Each document in its order, and why it was left out.")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="Bytes.")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = RequestPacketQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at", "-pk")
        triggers = (append_only("request_packet_append_only"),)
        constraints = (
            models.CheckConstraint(
                condition=~Q(recipient=""),
                name="request_packet_has_recipient",
                violation_error_message="Say to whom the packet goes.",
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="request_packet_hash_format"
            ),
            models.CheckConstraint(condition=Q(size__gt=0), name="request_packet_not_empty"),
        )

    def __str__(self) -> str:
        return f"Packet for {self.recipient}, {self.made_at:%Y-%m-%d}"

    @property
    def left_out(self) -> list[str]:
        """The documents that could not be joined, each with the reason."""
        return [f"{row['label']}: {row['left_out']}" for row in self.contents if row["left_out"]]

"""HL7 interfaces: where a sender's values stand, and the inbox of messages that came in."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.database.constraints import one_of
from accounts.database.triggers import tracked
from accounts.models import Facility, User
from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations.models.import_runs import ImportRun
from authorizations.models.machine_channels import MachineChannel
from authorizations.models.toned_choices import TonedChoices
from authorizations.models.treatment_records import ShiftUnit


@tracked
class SenderMapping(models.Model):
    """Where the HL7 messages of one sender say what we ask for: made from a sample message."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    application = models.CharField("sending application (MSH-3)", max_length=60)
    sending_facility = models.CharField("sending facility (MSH-4)", max_length=60, blank=True)
    places = models.JSONField(help_text="For each of our columns, its place in the message.")
    words = models.TextField(blank=True, help_text="Their words and ours, one pair a line.")
    shift_unit = models.CharField(max_length=2, choices=ShiftUnit, default=ShiftUnit.MM)
    saved_at = models.DateTimeField(auto_now=True)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("application", "sending_facility", "facility")
        constraints = (
            one_of("sender_mapping_shift_unit_known", "shift_unit", ShiftUnit),
            models.CheckConstraint(
                condition=~Q(application=""), name="sender_mapping_names_application"
            ),
            models.UniqueConstraint(
                fields=("application", "sending_facility", "facility"), name="sender_mapping_once"
            ),
        )

    def __str__(self) -> str:
        return f"messages of {self.application} for {self.facility.code}"


class InboundStatus(TonedChoices):
    """What became of a message."""

    RECEIVED = "received", "info", "Received"
    TAKEN = "taken", "good", "Taken"
    WAITING = "waiting", "warn", "Waits for a person"
    REFUSED = "refused", "bad", "Refused"


class InboundMessageQuerySet(models.QuerySet["InboundMessage"]):
    """Messages as the worker and people ask for them."""

    def for_user(self, user: User, permission: Permission, *others: Permission) -> Self:
        """Messages that came through a channel of one's facilities, or name one of them.

        Where no facility is known, whoever holds the permission at every facility sees it.
        """
        mine = facilities_of(user, permission, *others)
        has_all = Facility.objects.count() == mine.count()
        unplaced = Q(facility__isnull=True) if has_all else Q(pk__in=())
        return self.filter(Q(facility__in=mine) | unplaced)

    def open(self) -> Self:
        """What a person still has to look at, and what is not taken yet."""
        return self.exclude(status=InboundStatus.TAKEN).filter(closed_at__isnull=True)


@tracked
class InboundMessage(models.Model):
    """One message that the listener received: stored before it is acknowledged."""

    Status = InboundStatus
    channel = models.ForeignKey(MachineChannel, on_delete=models.PROTECT, related_name="+")
    facility = models.ForeignKey(
        Facility, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    received_at = models.DateTimeField()
    control_id = models.CharField("message number (MSH-10)", max_length=60, blank=True)
    event = models.CharField(max_length=20, blank=True)
    content = models.BinaryField(help_text="The message as it came.")
    status = models.CharField(max_length=8, choices=InboundStatus, default=InboundStatus.RECEIVED)
    sentence = models.CharField(max_length=300, blank=True)
    run = models.ForeignKey(
        ImportRun, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    handled_at = models.DateTimeField(null=True, blank=True)
    replays = models.PositiveSmallIntegerField(default=0)
    replayed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = InboundMessageQuerySet.as_manager()

    class Meta:
        ordering = ("-received_at", "-id")
        constraints = (
            one_of("inbound_message_status_known", "status", InboundStatus),
            models.CheckConstraint(
                condition=~Q(status__in=("waiting", "refused")) | ~Q(sentence=""),
                name="inbound_message_says_why",
            ),
            models.CheckConstraint(
                condition=Q(status="received") | Q(handled_at__isnull=False),
                name="inbound_message_handled_at",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="inbound_message_closed_pair",
            ),
        )
        indexes = (
            models.Index(fields=("id",), condition=Q(status="received"), name="inbound_to_take"),
            models.Index(fields=("channel", "received_at"), name="inbound_by_channel"),
        )

    def __str__(self) -> str:
        return f"message {self.pk}: {self.get_status_display()}"

    @property
    def tone(self) -> str:
        return InboundStatus(self.status).tone

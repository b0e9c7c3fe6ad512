"""What a payer asks for before it decides: by when, and what was sent of it, how."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.database.constraints import paired
from accounts.database.triggers import tracked
from accounts.models import User
from authorizations.models.authorization_events import AuthorizationEvent
from authorizations.models.prior_authorizations import Channel, PriorAuthorization
from authorizations.models.request_statuses import AuthorizationStatus


class InformationRequestQuerySet(models.QuerySet["InformationRequest"]):
    """What payers ask for, as pages and worklists look for it."""

    def in_effect(self) -> Self:
        """Those whose pend was not undone."""
        return self.filter(event__undone_by__isnull=True)

    def awaited(self) -> Self:
        """The payer waits for it now: the latest of a request that is pended."""
        later = self.model.objects.in_effect().filter(
            event__authorization=models.OuterRef("event__authorization"),
            pk__gt=models.OuterRef("pk"),
        )
        status = "event__authorization__status"
        beside = Q(
            **{status: AuthorizationStatus.PEER_TO_PEER}, event__authorization__first_answer=""
        )
        pended = self.in_effect().filter(Q(**{status: AuthorizationStatus.PENDED}) | beside)
        return pended.exclude(models.Exists(later))


@tracked
class InformationRequest(models.Model):
    """A pend: the payer wants to see something first, by a day where it names one."""

    event = models.OneToOneField(
        AuthorizationEvent, on_delete=models.PROTECT, related_name="information_request"
    )
    due_on = models.DateField(
        "to be sent by", null=True, blank=True, help_text="Empty where the payer named no day."
    )

    objects = InformationRequestQuerySet.as_manager()

    class Meta:
        ordering = ("event",)

    @property
    def authorization(self) -> PriorAuthorization:
        return self.event.authorization

    def __str__(self) -> str:
        return f"information asked {self.event.at:%Y-%m-%d}"


@tracked
class AskedItem(models.Model):
    """One thing that the payer asks for: whether it was sent, how, and what confirms it."""

    request = models.ForeignKey(InformationRequest, on_delete=models.PROTECT, related_name="items")
    what = models.CharField(max_length=120)
    channel = models.CharField("sent by", max_length=10, choices=Channel, blank=True)
    confirmation = models.CharField("confirmation number", max_length=40, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("request", "id")
        constraints = (
            paired("asked_item_sent_pair", "sent_at", "sent_by"),
            models.CheckConstraint(condition=~Q(what=""), name="asked_item_says_what"),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, channel="", confirmation="")
                | Q(sent_at__isnull=False, channel__in=Channel.values),
                name="asked_item_sent_by_channel",
                violation_error_message="What was sent has a way by which it was sent.",
            ),
            models.UniqueConstraint(fields=("request", "what"), name="asked_item_once"),
        )

    def __str__(self) -> str:
        return self.what

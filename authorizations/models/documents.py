"""What proves an authorization: the calls and messages about it, its letters and proofs."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.database.constraints import one_of, paired
from accounts.database.triggers import tracked
from accounts.models import User
from authorizations.models.prior_authorizations import Channel, PriorAuthorization
from authorizations.models.searchable import NumberToSearch, searched_by
from authorizations.models.triggers.decision_evidence import PROVES_APPROVAL


@tracked
class Contact(models.Model):
    """A call, message or letter to or from the payer, and what was promised."""

    authorization = models.ForeignKey(
        PriorAuthorization, on_delete=models.PROTECT, related_name="contacts"
    )
    channel = models.CharField(max_length=10, choices=Channel)
    person = models.CharField("spoke with", max_length=80, blank=True)
    reference = models.CharField("call reference", max_length=40, blank=True)
    summary = models.CharField("what was said or promised", max_length=400)
    next_touch_on = models.DateField(null=True, blank=True)
    logged_at = models.DateTimeField(auto_now_add=True)
    logged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-logged_at", "-id")
        constraints = (one_of("contact_channel_known", "channel", Channel),)
        indexes = (searched_by("contact_search", NumberToSearch("reference")),)

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.reference}"


class DocumentKind(models.TextChoices):
    """What sort it is."""

    APPROVAL_LETTER = "approval_letter", "Approval letter"
    DENIAL_LETTER = "denial_letter", "Denial letter"
    PORTAL_PROOF = "portal_proof", "Portal proof"
    CONSULT = "consult", "Consultation"
    PRESCRIPTION = "prescription", "Prescription"
    PLAN = "plan", "Treatment plan"
    IMAGING = "imaging", "Imaging"
    OTHER = "other", "Other"


class DocumentQuerySet(models.QuerySet):
    """Documents by what they prove."""

    def not_struck(self) -> Self:
        return self.filter(struck_at__isnull=True)

    def proving(self, authorization: models.OuterRef) -> Self:
        """Those that show an approval of the request; a letter of denial shows none."""
        return self.filter(authorization=authorization, kind__in=PROVES_APPROVAL)


class NotStruck(models.Manager.from_queryset(DocumentQuerySet)):  # type: ignore[misc]
    """What everybody asks for: documents that were not struck."""

    def get_queryset(self) -> DocumentQuerySet:
        found: DocumentQuerySet = super().get_queryset()
        return found.not_struck()


@tracked
class Document(models.Model):
    """A letter or proof, kept by the hash of its content outside the web root.

    A struck one proves nothing and is not opened until it is put back; its file is kept.
    """

    Kind = DocumentKind

    authorization = models.ForeignKey(
        PriorAuthorization, on_delete=models.PROTECT, related_name="documents"
    )
    kind = models.CharField(max_length=16, choices=Kind)
    content_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="Bytes.")
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    struck_reason = models.CharField(max_length=200, blank=True, default="", db_default="")

    objects = NotStruck()
    with_struck = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ("-added_at",)
        constraints = (
            one_of("document_kind_known", "kind", DocumentKind),
            models.UniqueConstraint(
                fields=("authorization", "sha256"),
                condition=Q(struck_at__isnull=True),
                name="document_once_per_authorization",
                violation_error_message="This file is already attached.",
            ),
            paired("document_struck_pair", "struck_at", "struck_by"),
            models.CheckConstraint(
                condition=Q(struck_at__isnull=True, struck_reason="")
                | Q(struck_at__isnull=False) & ~Q(struck_reason=""),
                name="document_struck_with_reason",
                violation_error_message="A document is struck with a reason.",
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="document_hash_format"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.added_at:%Y-%m-%d}"

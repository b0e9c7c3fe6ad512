"""Whom to call, dated and cited, and what people report as wrong about it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from accounts.database.constraints import (
    known_time_zone,
    never_overlapping,
    paired,
    telephone,
)
from accounts.database.triggers import tracked
from accounts.models import User, check_time_zone
from coding.effective import Effective, Sourced, dated, sourced
from payers.models.payers import Issuer, Payer, Plan

WAYS = (
    *("phone", "fax", "portal_url", "peer_to_peer_phone"),
    *("appeals_address", "electronic_payer_id"),
)
WHOSE = ("plan", "issuer", "payer")
A_WAY = ~Q(**dict.fromkeys(WAYS, ""))
AT_MOST_ONE = (
    Q(plan__isnull=True, issuer__isnull=True)
    | Q(plan__isnull=True, payer__isnull=True)
    | Q(issuer__isnull=True, payer__isnull=True)
)
SOMEBODY = Q(plan__isnull=False) | Q(issuer__isnull=False) | Q(payer__isnull=False) | ~Q(manager="")


def hours_with_zone(name: str, field: str) -> models.CheckConstraint:
    """Hours say in whose time zone they are; a zone alone says nothing."""
    return models.CheckConstraint(
        condition=Q(**{field: ""}) | ~Q(time_zone=""),
        name=name,
        violation_error_message="Say in which time zone these hours are.",
    )


@tracked
class DirectoryEntry(Effective, Sourced):
    """How to reach a plan, an issuer, a payer, or the manager that decides for them."""

    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="directory_entries"
    )
    issuer = models.ForeignKey(
        Issuer, on_delete=models.PROTECT, null=True, blank=True, related_name="directory_entries"
    )
    payer = models.ForeignKey(
        Payer, on_delete=models.PROTECT, null=True, blank=True, related_name="directory_entries"
    )
    manager = models.CharField(
        "benefit manager",
        max_length=60,
        blank=True,
        help_text="As the policies name who decides: eviCore, Carelon. Alone: for every payer.",
    )
    phone = models.CharField(max_length=25, blank=True)
    hours = models.CharField(max_length=80, blank=True, help_text="Mon–Fri 07:00–19:00")
    time_zone = models.CharField(
        max_length=40,
        blank=True,
        validators=[check_time_zone],
        help_text="Of the hours: America/Chicago.",
    )
    fax = models.CharField(max_length=25, blank=True)
    portal_url = models.URLField("portal", max_length=400, blank=True)
    peer_to_peer_phone = models.CharField("peer-to-peer line", max_length=25, blank=True)
    peer_to_peer_hours = models.CharField(max_length=80, blank=True)
    appeals_address = models.TextField(max_length=300, blank=True)
    electronic_payer_id = models.CharField(
        "payer ID", max_length=15, blank=True, help_text="Under which claims are sent to it."
    )
    note = models.TextField(blank=True)

    class Meta:
        verbose_name = "directory entry"
        verbose_name_plural = "payer directory"
        ordering = ("manager", "payer", "issuer", "plan", "effective_from")
        triggers = (known_time_zone("directory_entry_zone_known", "time_zone", may_be_empty=True),)
        constraints = (
            *sourced("directory_entry"),
            dated("directory_entry"),
            models.CheckConstraint(
                condition=AT_MOST_ONE & SOMEBODY,
                name="directory_entry_is_about_one",
                violation_error_message=(
                    "Name one plan, issuer or payer, or the benefit manager; a manager may stand "
                    "with the one for whom it decides."
                ),
            ),
            models.CheckConstraint(
                condition=A_WAY,
                name="directory_entry_has_a_way",
                violation_error_message="Give a number, a portal, an address or a payer ID.",
            ),
            *(
                telephone(f"directory_entry_{field}_format", field)
                for field in ("phone", "fax", "peer_to_peer_phone")
            ),
            hours_with_zone("directory_entry_hours_with_zone", "hours"),
            hours_with_zone("directory_entry_call_hours_zone", "peer_to_peer_hours"),
            models.CheckConstraint(
                condition=Q(portal_url="") | Q(portal_url__regex=r"^https?://[^\s]+$"),
                name="directory_entry_portal_is_web",
                violation_error_message="A portal is a web address.",
            ),
            models.CheckConstraint(
                condition=Q(electronic_payer_id="")
                | Q(electronic_payer_id__regex=r"^[A-Z0-9]{3,15}$"),
                name="directory_entry_payer_id_format",
                violation_error_message="A payer ID has 3 to 15 digits and capital letters.",
            ),
            never_overlapping(
                "directory_entry_once",
                *(Coalesce(F(f"{name}_id"), Value(0)) for name in WHOSE),
                "manager",
                message="An entry about the same one is in force on some of these dates: end it.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.whose} ({self.span})"

    @property
    def whose(self) -> str:
        """Whom it reaches: Carelon for Anthem; UnitedHealthcare."""
        about = next((str(row) for row in (self.plan, self.issuer, self.payer) if row), "")
        if self.manager and about:
            return f"{self.manager} for {about}"
        return self.manager or about


@tracked
class DirectoryReport(models.Model):
    """Somebody found an entry wrong; an administrator answers, and the answer stays beside it."""

    entry = models.ForeignKey(DirectoryEntry, on_delete=models.PROTECT, related_name="reports")
    what = models.CharField("what is wrong", max_length=300)
    reported_at = models.DateTimeField(auto_now_add=True)
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("-reported_at", "-pk")
        constraints = (
            paired("directory_report_answered_pair", "answered_at", "answered_by"),
            models.CheckConstraint(
                condition=~Q(what="")
                & (
                    Q(answered_at__isnull=True, answer="")
                    | Q(answered_at__isnull=False) & ~Q(answer="")
                ),
                name="directory_report_has_words",
                violation_error_message="Say what is wrong; an answer has words.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.entry.whose}: {self.what}"

"""What is billed: charges, the reviews that judged them, and their events."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.database.constraints import one_of, paired
from accounts.database.triggers import legal_moves, tracked
from accounts.models import Facility, User
from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations.models.batches import Batch
from authorizations.models.sessions import GuidanceSession
from authorizations.models.toned_choices import TonedChoices
from authorizations.models.triggers.figure_counts import counts_by_charge
from authorizations.models.triggers.overrides import overriding
from authorizations.models.triggers.released_charges import released_stays_as_billed
from authorizations.workflow import CHARGE_MOVES
from coding.rules.common import GUIDANCE_CODES
from payers.models import Plan


class ChargeStatus(TonedChoices):
    """The status of a charge."""

    CAPTURED = "captured", "neutral", "Captured"
    HELD = "held", "warn", "Held"
    READY = "ready", "good", "Ready to release"
    RELEASED = "released", "busy", "Released"
    NOT_BILLABLE = "not_billable", "neutral", "Not billable"
    VOID = "void", "bad", "Void"


# What the rulebook itself may do to a charge that is open.
JUDGED = (
    ("captured", "held"),
    ("captured", "ready"),
    ("held", "ready"),
    ("ready", "held"),
)
# What a charge holds that is out for nobody's answer.
NOT_RETURNED = {"returned_to": "", "returned_at": None, "returned_by": None, "return_reason": ""}
OPEN = (ChargeStatus.CAPTURED, ChargeStatus.HELD, ChargeStatus.READY)


class Disposition(TonedChoices):
    """The rulebook's answer: the highest severity among the findings."""

    PASS = "pass", "good", "Pass"
    WARN = "WARN", "info", "Warning"
    HOLD = "HOLD", "warn", "Hold"
    STOP = "STOP", "bad", "Stop"


class ReturnedTo(models.TextChoices):
    """Who must mend something before a charge can go on."""

    THERAPIST = "therapist", "Therapist"
    PHYSICIAN = "physician", "Physician"


class ChargeQuerySet(models.QuerySet):
    """Charges as the floor asks for them."""

    def for_user(self, user: User, permission: Permission, *others: Permission) -> Self:
        return self.filter(facility__in=facilities_of(user, permission, *others))

    def live(self) -> Self:
        return self.exclude(status=ChargeStatus.VOID)

    def void_without_successor(self) -> Self:
        """Void charges of treatments that stand, with nothing in their place and nobody's word
        that nothing shall be.
        """
        standing = Charge.objects.live().filter(session=models.OuterRef("session"))
        left = self.model.objects.filter(events__verb="leave_unbilled")
        rows = self.filter(
            status=ChargeStatus.VOID,
            replaced_by__isnull=True,
            session__is_delivered=True,
            session__voided_at__isnull=True,
        )
        return rows.filter(~models.Exists(standing)).exclude(pk__in=left.values("pk"))

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def ready(self) -> Self:
        return self.filter(status=ChargeStatus.READY)

    def held(self) -> Self:
        return self.filter(status=ChargeStatus.HELD)


@tracked
class Charge(models.Model):
    """One billable line: code, modifiers, units, date. Released ones are voided, never edited."""

    session = models.ForeignKey(GuidanceSession, on_delete=models.PROTECT, related_name="charges")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="charges")
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="charges"
    )
    date_of_service = models.DateField()
    code = models.CharField(max_length=5)
    modifiers = ArrayField(models.CharField(max_length=2), size=4, default=list, blank=True)
    units = models.PositiveSmallIntegerField(default=1)
    place_of_service = models.CharField(max_length=2)
    amount = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    amount_source = models.CharField(max_length=80, blank=True)
    status = models.CharField(max_length=12, choices=ChargeStatus, default=ChargeStatus.CAPTURED)
    disposition = models.CharField(max_length=4, choices=Disposition, blank=True)
    leading_rule = models.CharField(max_length=3, blank=True)
    filing_deadline = models.DateField(null=True, blank=True)
    corrected_at = models.DateTimeField(null=True, blank=True)
    corrected_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    hold_reason = models.CharField(max_length=200, blank=True)
    look_again_on = models.DateField(null=True, blank=True)
    returned_to = models.CharField(max_length=9, choices=ReturnedTo, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    return_reason = models.CharField(max_length=200, blank=True)
    override_proposed_at = models.DateTimeField(null=True, blank=True)
    override_proposed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_override_alone = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Proposed and confirmed by one person, while the table of two people allowed it.",
    )
    overridden_at = models.DateTimeField(null=True, blank=True)
    overridden_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    override_reason = models.CharField(max_length=400, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    batch = models.ForeignKey(
        Batch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="charges",
        db_index=False,  # charge_of_batch: those in no batch are found by other indexes
    )
    withdrawn_in = models.ForeignKey(
        Batch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="withdrawals",
        help_text="The correction batch that takes this void line back.",
    )
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    captured_at = models.DateTimeField(auto_now_add=True)

    objects = ChargeQuerySet.as_manager()

    class Meta:
        ordering = ("date_of_service", "id")
        triggers = (
            legal_moves("charge_legal_moves", CHARGE_MOVES, JUDGED),
            released_stays_as_billed(),
            counts_by_charge(),
        )
        constraints = (
            one_of("charge_status_known", "status", ChargeStatus),
            models.CheckConstraint(
                condition=Q(disposition="") | Q(disposition__in=Disposition.values),
                name="charge_disposition_known",
            ),
            models.CheckConstraint(
                condition=Q(code__in=sorted(GUIDANCE_CODES)),
                name="charge_code_is_guidance",
                violation_error_message="The charge of a session carries a guidance code.",
            ),
            models.CheckConstraint(condition=Q(units__gt=0), name="charge_units_positive"),
            models.UniqueConstraint(
                fields=("session", "code"),
                condition=~Q(status="void"),
                name="charge_once_per_session_and_code",
                violation_error_message="This session already has a live charge for this code.",
            ),
            paired("charge_released_pair", "released_at", "released_by"),
            paired("charge_corrected_pair", "corrected_at", "corrected_by"),
            models.CheckConstraint(
                condition=~Q(status="released") | Q(released_at__isnull=False),
                name="charge_released_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status="released", disposition="STOP")
                | Q(overridden_at__isnull=False),
                name="charge_stopped_needs_override",
                violation_error_message="Only a manager's override releases a stopped charge.",
            ),
            *overriding(),
            models.CheckConstraint(
                condition=Q(batch__isnull=True) | Q(released_at__isnull=False),
                name="charge_batched_was_released",
            ),
            paired("charge_returned_pair", "returned_at", "returned_by"),
            models.CheckConstraint(
                condition=Q(returned_to="", returned_at__isnull=True, return_reason="")
                | Q(returned_to__in=ReturnedTo.values, returned_at__isnull=False, status="held")
                & ~Q(return_reason=""),
                name="charge_returned_is_held_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_in__isnull=True) | Q(status="void", batch__isnull=False),
                name="charge_withdrawn_is_void",
            ),
        )
        indexes = (
            models.Index(
                fields=("date_of_service", "id"),
                condition=Q(status__in=("captured", "held", "ready")),
                name="charge_queue",
            ),
            models.Index(
                fields=("facility", "date_of_service", "id"),
                condition=Q(status__in=("captured", "held", "ready")),
                name="charge_queue_by_facility",
            ),
            models.Index(
                fields=("plan",),
                include=("amount",),
                condition=Q(status="held"),
                name="charge_held",
            ),
            models.Index(
                fields=("facility", "plan"),
                condition=Q(status="released", batch__isnull=True),
                name="charge_to_batch",
            ),
            models.Index(
                fields=("facility", "returned_to"),
                condition=~Q(returned_to=""),
                name="charge_returned",
            ),
            models.Index(
                fields=("batch",), condition=Q(batch__isnull=False), name="charge_of_batch"
            ),
            models.Index(
                fields=("batch",),
                condition=Q(status="void", batch__isnull=False, withdrawn_in__isnull=True),
                name="charge_to_withdraw",
            ),
            models.Index(fields=("date_of_service", "id"), name="charge_by_date"),
        )

    def __str__(self) -> str:
        return self.line

    @property
    def line(self) -> str:
        """Code and modifiers as a claim writes them: 77387-26-76."""
        return "-".join((self.code, *self.modifiers))

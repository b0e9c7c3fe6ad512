"""Who pays: payers, their plans, and what each asks for, dated and cited."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from accounts.database.constraints import never_overlapping, one_of, paired
from accounts.database.triggers import tracked
from accounts.models import User
from coding.effective import Effective, EffectiveQuerySet, Sourced, dated, sourced
from payers.amounts.reductions import PaymentReduction as PaymentReduction
from payers.lines_of_business import LineOfBusiness as LineOfBusiness
from payers.policies.values import in_words


@tracked
class Payer(models.Model):
    """Who pays: Medicare, a commercial insurer."""

    key = models.SlugField(max_length=24, unique=True)
    name = models.CharField(max_length=80, unique=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


@tracked
class Plan(models.Model):
    """A payer's product: its line of business and the state that regulates it."""

    code = models.CharField(max_length=16, unique=True, help_text="Short name used in imports.")
    name = models.CharField(max_length=120)
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="plans")
    line_of_business = models.CharField(max_length=28, choices=LineOfBusiness)
    state = models.CharField(max_length=2, blank=True, help_text="State of regulation, if any.")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("payer", "code")
        constraints = (one_of("plan_line_of_business_known", "line_of_business", LineOfBusiness),)

    def __str__(self) -> str:
        return f"{self.code} – {self.name}"


class Scoped(models.Model):
    """True for a payer; narrower when a line of business or a plan is named."""

    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="%(class)s_rows")
    line_of_business = models.CharField(max_length=28, blank=True, choices=LineOfBusiness)
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="%(class)s_rows"
    )

    class Meta:
        abstract = True

    @property
    def breadth(self) -> int:
        """0 for one plan, 1 for a line of business, 2 for the whole payer: the narrowest wins."""
        return 0 if self.plan_id else 1 if self.line_of_business else 2

    @property
    def scope(self) -> str:
        """Whom this row speaks for, in words."""
        if self.plan_id:
            return str(self.plan)
        lob = self.get_line_of_business_display() if self.line_of_business else "all plans"
        return f"{self.payer}, {lob}"


class PolicyQuerySet(EffectiveQuerySet):
    """Questions about a day: what is only proposed is not in force."""

    def in_force(self, on):
        """The published policies that are true on that day."""
        return super().in_force(on).filter(is_published=True)


class Proposed(models.Model):
    """Entered by one person and published by another; what came with the books is published."""

    is_published = models.BooleanField(default=True, editable=False)
    proposed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    published_alone = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="By the one who proposed it, while there was no second administrator.",
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = PolicyQuerySet.as_manager()

    class Meta:
        abstract = True


def by_two_people(table: str) -> tuple[models.CheckConstraint, ...]:
    """What somebody proposed is in force only once somebody else has published it."""
    return (
        paired(f"{table}_published_pair", "published_at", "published_by"),
        models.CheckConstraint(
            condition=Q(proposed_by__isnull=True)
            | Q(is_published=False, published_by__isnull=True)
            | Q(is_published=True, published_by__isnull=False)
            & (Q(published_alone=True) | ~Q(published_by=F("proposed_by"))),
            name=f"{table}_published_by_another",
            violation_error_message="Another person publishes what one has proposed.",
        ),
    )


def once_per_day(table: str, *keys, message: str) -> tuple:
    """Among what is published, and among what is proposed, one answer for each scope and day."""
    return tuple(
        never_overlapping(f"{table}_{name}", *keys, condition=Q(is_published=flag), message=message)
        for name, flag in (("never_overlaps", True), ("proposed_once", False))
    )


PLAN_OR_NONE = Coalesce(F("plan"), Value(0), output_field=models.BigIntegerField())


class AuthorizationPolicyRequirement(models.TextChoices):
    """Whether permission must be asked."""

    REQUIRED = "required", "Required"
    NOT_REQUIRED = "not_required", "Not required"
    UNKNOWN = "unknown", "Not known – ask the payer"


@tracked
class AuthorizationPolicy(Scoped, Proposed, Effective, Sourced):
    """What a payer asks before treating: whether, through whom, with which documents."""

    Requirement = AuthorizationPolicyRequirement

    requirement = models.CharField(max_length=12, choices=Requirement)
    manager = models.CharField(
        max_length=80, blank=True, help_text="Who decides for the payer: eviCore, Carelon, Optum …"
    )
    phone = models.CharField(max_length=24, blank=True)
    validity_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Only a hint: the approval letter decides."
    )
    documents = ArrayField(
        models.CharField(max_length=80),
        default=list,
        blank=True,
        help_text="What they want to see.",
    )
    note = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "authorization policies"
        ordering = ("payer", "line_of_business", "effective_from")
        constraints = (
            *sourced("authorization_policy"),
            dated("authorization_policy"),
            one_of(
                "authorization_policy_requirement_known",
                "requirement",
                AuthorizationPolicyRequirement,
            ),
            *by_two_people("authorization_policy"),
            *once_per_day(
                "authorization_policy",
                "payer",
                "line_of_business",
                PLAN_OR_NONE,
                message="Another policy already speaks for this scope on some of these dates.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.scope}: {self.get_requirement_display()} ({self.span})"


class CodingPolicyTopic(models.TextChoices):
    """The matter of coding a policy answers."""

    MODIFIER_26 = "modifier_26", "Modifier 26 on 77387"
    LEGACY_GUIDANCE_CODES = "legacy_guidance_codes", "Guidance codes before 2026"
    SECOND_SESSION_MODIFIER = "second_session_modifier", "Second session of a day"
    SURFACE_GUIDANCE = "surface_guidance", "Surface guidance alone"
    PROTON_GUIDANCE = "proton_guidance", "Guidance with protons"
    LAST_FRACTION_REVIEW_HOURS = "last_fraction_review_hours", "Review of the last fraction"
    DIAGNOSIS_ORDER = "diagnosis_order", "Order of diagnoses"
    TIMELY_FILING = "timely_filing", "Filing limit"
    OLD_AUTHORIZATIONS = "old_authorizations", "Authorizations in codes of before 2026"


@tracked
class CodingPolicy(Scoped, Proposed, Effective, Sourced):
    """One answer of a payer about one matter of coding, for a span of dates of service."""

    Topic = CodingPolicyTopic

    topic = models.CharField(max_length=28, choices=Topic)
    value = models.CharField(
        max_length=40,
        help_text="Modifier 26: required, either or rejected. Filing limit: 90 days or 12 calendar "
        "months. Review of the last fraction: hours. Surface and proton: billable or not_billable.",
    )
    note = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "coding policies"
        ordering = ("payer", "topic", "effective_from")
        constraints = (
            *sourced("coding_policy"),
            dated("coding_policy"),
            one_of("coding_policy_topic_known", "topic", CodingPolicyTopic),
            models.CheckConstraint(
                name="coding_policy_value_fits_topic",
                violation_error_message="This value does not answer this topic.",
                condition=Q(topic="modifier_26", value__in=("required", "either", "rejected"))
                | Q(topic="legacy_guidance_codes", value__in=("77387", "legacy"))
                | Q(topic="second_session_modifier", value__in=("76_77", "59", "XE"))
                | Q(topic__in=("surface_guidance", "proton_guidance"))
                & Q(value__in=("billable", "not_billable"))
                | Q(topic="last_fraction_review_hours", value__regex=r"^[1-9][0-9]{0,3}$")
                | Q(topic="old_authorizations", value__in=("recoded_by_payer", "revise"))
                | Q(topic="diagnosis_order", value__in=("z510_first", "malignancy_first"))
                | Q(
                    topic="timely_filing",
                    value__regex=r"^([1-9][0-9]{0,3} (days|calendar months)"
                    r"|end of next calendar year)$",
                ),
            ),
            *by_two_people("coding_policy"),
            *once_per_day(
                "coding_policy",
                "payer",
                "line_of_business",
                PLAN_OR_NONE,
                "topic",
                message="Another policy already answers this for the same scope and dates.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.scope}: {self.get_topic_display()} = {self.answer} ({self.span})"

    @property
    def answer(self) -> str:
        """What the payer says, in words."""
        return in_words(self.topic, self.value)


@tracked
class ContractRate(Effective, Sourced):
    """What a plan has agreed to pay for one code and modifier, in dollars."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="rates")
    code = models.CharField(max_length=5)
    modifier = models.CharField(max_length=2, blank=True)
    amount = models.DecimalField(max_digits=9, decimal_places=2)

    class Meta:
        ordering = ("plan", "code", "modifier", "effective_from")
        constraints = (
            *sourced("contract_rate"),
            dated("contract_rate"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="contract_rate_not_negative"),
            never_overlapping("contract_rate_never_overlaps", "plan", "code", "modifier"),
        )

    def __str__(self) -> str:
        return f"{self.plan.code} {self.code}-{self.modifier}: {self.amount} ({self.span})"


# Tables of this app in files of their own.
from payers.known_errors.known_payer_error import (  # noqa: E402
    KnownPayerError as KnownPayerError,
)
from payers.published import PublishedMetric as PublishedMetric  # noqa: E402

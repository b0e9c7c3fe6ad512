"""What each payer asks: before treating, and about coding, dated and cited."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.database.constraints import one_of, paired
from accounts.database.triggers import tracked
from accounts.models import User
from coding.effective import Effective, EffectiveQuerySet, Sourced, dated, sourced
from payers.models.same_payer import of_one_payer
from payers.models.scopes import Scoped, once_per_day, scope_guards
from payers.policies.values import in_words


class PolicyQuerySet(EffectiveQuerySet):
    """Questions about a day: what is only proposed is not in force."""

    def in_force(self, on: date) -> Self:
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
        triggers = (of_one_payer("authorization_policy_of_one_payer", "issuer", "plan"),)
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
            *scope_guards("authorization_policy"),
            *once_per_day(
                "authorization_policy",
                message="Another policy already speaks for this scope on some of these dates.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.scope}: {self.get_requirement_display()} ({self.span})"

    @property
    def decision(self) -> tuple[str, str]:
        """What it answers: whether authorization is required, and who decides."""
        return self.requirement, self.manager


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
        triggers = (of_one_payer("coding_policy_of_one_payer", "issuer", "plan"),)
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
            models.CheckConstraint(
                name="coding_policy_answer_is_no_condition",
                violation_error_message="This topic decides the code or component: it cannot "
                "depend on it. Leave them empty.",
                condition=~Q(topic__in=("modifier_26", "legacy_guidance_codes"))
                | Q(component="") & (Q(topic="modifier_26") | Q(code_from="")),
            ),
            *by_two_people("coding_policy"),
            *scope_guards("coding_policy"),
            *once_per_day(
                "coding_policy",
                "topic",
                message="Another policy already answers this for the same scope and dates.",
            ),
        )

    def __str__(self) -> str:
        return f"{self.scope}: {self.get_topic_display()} = {self.answer} ({self.span})"

    @property
    def decision(self) -> str:
        """What it answers, to compare with another policy."""
        return self.value

    @property
    def answer(self) -> str:
        """What the payer says, in words."""
        return in_words(self.topic, self.value)

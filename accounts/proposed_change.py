"""What an administrator proposes and a second administrator confirms: people, roles, policies."""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, Q

from accounts.database.constraints import one_of, paired
from accounts.database.triggers import tracked
from accounts.models import Facility, Provider, Role, User


class ProposedChangeKind(models.TextChoices):
    """What a change is about."""

    PERSON = "person", "Person who signs in"
    ROLE = "role", "Role"
    PASSWORD_RESET = "password_reset", "Password reset"
    CLINICIAN_LOGIN = "clinician_login", "Login of a clinician"
    POLICY = "policy", "Published policy"
    BOOK_ROW = "book_row", "Plan or facility"
    DUTY_SETTING = "duty_setting", "Rule of two people switched off"


class ProposedChangeQuerySet(models.QuerySet):
    """Questions about what waits and what one person did alone."""

    def waiting(self):
        """Neither confirmed nor declined, and not in effect."""
        return self.filter(
            confirmed_at__isnull=True, declined_at__isnull=True, took_effect_alone=False
        )

    def alone(self):
        """In effect by one administrator, and looked through by no other."""
        return self.filter(took_effect_alone=True, seen_at__isnull=True)

    def decided(self):
        """Confirmed, declined, or done alone and looked through: the latest first."""
        rows = self.exclude(pk__in=self.waiting().values("pk"))
        return rows.exclude(pk__in=self.alone().values("pk")).order_by("-proposed_at", "-pk")

    def with_names(self) -> Self:
        """With all that a list shows of them."""
        return self.select_related(
            "person",
            "facility",
            "provider",
            "proposed_by",
            "confirmed_by",
            "declined_by",
            "seen_by",
        ).prefetch_related("person__memberships")


DECIDED = pgtrigger.Q(old__confirmed_at__isnull=False) | pgtrigger.Q(old__declined_at__isnull=False)


@tracked
class ProposedChange(models.Model):
    """One change that needs two administrators; without effect until the second confirms it.

    While there is only one administrator a change takes effect alone. It is marked so, and a
    second administrator looks it through later.
    """

    Kind = ProposedChangeKind

    kind = models.CharField(max_length=16, choices=ProposedChangeKind)
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="proposed_changes"
    )
    role = models.CharField(max_length=16, choices=Role, blank=True)
    facility = models.ForeignKey(
        Facility,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty means every facility.",
    )
    provider = models.ForeignKey(
        Provider, on_delete=models.PROTECT, null=True, related_name="proposed_changes"
    )
    book = models.CharField(max_length=40, blank=True, help_text="The table of the row.")
    row = models.BigIntegerField(null=True, help_text="The number of the row in it.")
    subject = models.CharField(max_length=300, blank=True, help_text="The row in words.")
    values = models.JSONField(default=dict, help_text="The new value of each field.")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    declined_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    declined_at = models.DateTimeField(null=True)
    decline_reason = models.CharField(max_length=500, blank=True)
    took_effect_alone = models.BooleanField(default=False)
    seen_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    seen_at = models.DateTimeField(null=True)

    objects = ProposedChangeQuerySet.as_manager()

    class Meta:
        ordering = ("proposed_at", "pk")
        triggers = (
            pgtrigger.Protect(
                name="decided_is_final", operation=pgtrigger.Update, condition=DECIDED
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        )
        constraints = (
            one_of("proposed_change_kind_known", "kind", ProposedChangeKind),
            paired("proposed_change_confirmed_pair", "confirmed_at", "confirmed_by"),
            paired("proposed_change_declined_pair", "declined_at", "declined_by"),
            paired("proposed_change_seen_pair", "seen_at", "seen_by"),
            models.CheckConstraint(
                name="proposed_change_decided_once",
                condition=Q(declined_at__isnull=True)
                | Q(confirmed_at__isnull=True, took_effect_alone=False),
            ),
            models.CheckConstraint(
                name="proposed_change_confirmed_by_another",
                condition=Q(confirmed_by__isnull=True)
                | ~Q(confirmed_by=F("proposed_by"))
                & (Q(person__isnull=True) | ~Q(confirmed_by=F("person"))),
            ),
            models.CheckConstraint(
                name="proposed_change_alone_never_about_oneself",
                condition=Q(took_effect_alone=False)
                | Q(confirmed_at__isnull=True)
                & (Q(person__isnull=True) | ~Q(person=F("proposed_by"))),
            ),
            models.CheckConstraint(
                name="proposed_change_never_ones_own_role",
                condition=~Q(kind="role") | ~Q(person=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="proposed_change_seen_by_another",
                condition=Q(seen_by__isnull=True)
                | Q(took_effect_alone=True) & ~Q(seen_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="proposed_change_says_what",
                condition=Q(kind__in=("person", "password_reset"), person__isnull=False)
                | Q(kind="role", person__isnull=False, role__in=Role.values)
                | Q(kind="clinician_login", person__isnull=False, provider__isnull=False)
                | Q(kind__in=("policy", "book_row"), row__isnull=False)
                & ~Q(book="")
                & ~Q(values={})
                | Q(kind="duty_setting") & ~Q(values={}),
            ),
        )

    def __str__(self) -> str:
        return self.sentence

    @property
    def is_waiting(self) -> bool:
        """Whether a second administrator still has to decide."""
        return not (self.confirmed_at or self.declined_at or self.took_effect_alone)

    @property
    def sentence(self) -> str:
        """What the change does, as the administrator who decides reads it."""
        return SENTENCES[self.kind](self)

    @property
    def role_in_words(self) -> str:
        """The role with its place."""
        return f"{self.get_role_display()} at {self.facility or 'every facility'}"


def person_sentence(change: ProposedChange) -> str:
    return f"{person_name(change.person)} can sign in"


def role_sentence(change: ProposedChange) -> str:
    return f"{person_name(change.person)} gets the role {change.role_in_words}"


def reset_sentence(change: ProposedChange) -> str:
    where = f"by mail to {change.person.email}" if change.person.email else "by hand"
    return f"{person_name(change.person)} gets a one-time link for a new password, {where}"


def login_sentence(change: ProposedChange) -> str:
    clinician = change.provider
    npi = f", NPI {clinician.npi}" if clinician.npi else ""
    credential = clinician.get_role_display().lower()
    return f"{person_name(change.person)} signs in as {clinician.name}, {credential}{npi}"


def row_sentence(change: ProposedChange) -> str:
    return f"{change.subject}: {in_words(change.values)}"


def setting_sentence(change: ProposedChange) -> str:
    given = change.values
    until = f" through {given['effective_through']}" if given.get("effective_through") else ""
    days = f"from {given['effective_from']}{until}"
    return f"One person alone may do this, {days}: {change.subject} Reason: {given['reason']}"


def in_words(values: dict[str, str]) -> str:
    """Each field with its new value."""
    return "; ".join(
        f"{field.replace('_', ' ')} becomes {value or 'empty'}" for field, value in values.items()
    )


def person_name(person: User) -> str:
    """The name with the login, since two people may share a name."""
    return f"{person} ({person.username})"


SENTENCES = {
    ProposedChangeKind.PERSON: person_sentence,
    ProposedChangeKind.ROLE: role_sentence,
    ProposedChangeKind.PASSWORD_RESET: reset_sentence,
    ProposedChangeKind.CLINICIAN_LOGIN: login_sentence,
    ProposedChangeKind.POLICY: row_sentence,
    ProposedChangeKind.BOOK_ROW: row_sentence,
    ProposedChangeKind.DUTY_SETTING: setting_sentence,
}

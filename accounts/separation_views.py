"""The rules of two people as an auditor reads them: which are off, since when, and why."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from accounts.administrators import is_permitted_at_all
from accounts.exports.column import ExportColumn
from accounts.exports.response import Tables, asked_kind, table_file
from accounts.models import DutySetting, ProposedChange, User
from accounts.permissions import permit, signed_in_person
from accounts.proposals import places_of_change
from accounts.roles import Permission
from accounts.separation import DUTIES, Duty, is_switched_off


def name_of(person: User | None) -> str:
    return str(person) if person else ""


READERS = (Permission.READ_AUDIT, Permission.KEEP_BOOKS)
RULES = (
    ExportColumn("who", "duty__having"),
    ExportColumn("may not", "duty__may_not"),
    ExportColumn("second person", "duty__second_person"),
    ExportColumn("status today", "status"),
)
SETTINGS = (
    ExportColumn("rule", "duty"),
    ExportColumn("off from", "effective_from"),
    ExportColumn("off through", "effective_through"),
    ExportColumn("reason", "reason"),
    ExportColumn("entered by", "by", str),
)
ALONE = (
    ExportColumn("change", "sentence"),
    ExportColumn("by", "proposed_by", str),
    ExportColumn("at", "proposed_at"),
    ExportColumn("looked through by", "seen_by", name_of),
    ExportColumn("looked through at", "seen_at"),
)


@dataclass(frozen=True)
class ShownDuty:
    """A rule of two people, whether it holds today, and every setting that switched it off."""

    duty: Duty
    is_off: bool
    settings: list[DutySetting]

    @property
    def status(self) -> str:
        """In words."""
        if not self.duty.can_be_switched_off:
            return "always in force"
        return "switched off" if self.is_off else "in force"


def shown_duties() -> list[ShownDuty]:
    """Every rule in the order of the table, with its settings, the latest first."""
    today = timezone.localdate()
    settings = list(DutySetting.objects.select_related("by").order_by("-effective_from", "-pk"))
    return [
        ShownDuty(
            duty, is_switched_off(duty.key, today), [s for s in settings if s.duty == duty.key]
        )
        for duty in DUTIES
    ]


def changes_made_alone(person: User) -> list[ProposedChange]:
    """What one administrator did without a second, at the facilities where this person reads it."""
    rows = ProposedChange.objects.filter(took_effect_alone=True).with_names()
    return [
        row
        for row in rows.order_by("-proposed_at", "-pk")
        if is_permitted_at_all(person, places_of_change(row), *READERS)
    ]


@permit(*READERS)
def two_person_rules(request: HttpRequest) -> HttpResponseBase:
    """Who may not do what after having done what, the exceptions, and what was done alone."""
    duties, alone = shown_duties(), changes_made_alone(signed_in_person(request))
    if asked_kind(request):
        settings = [setting for row in duties for setting in row.settings]
        tables: Tables = {
            "rules": (RULES, duties),
            "off": (SETTINGS, settings),
            "alone": (ALONE, alone),
        }
        return table_file(request, tables)
    context = {"duties": duties, "alone_changes": alone}
    return render(request, "accounts/two_person_rules.html", context)

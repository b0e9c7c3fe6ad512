"""Fields for a plan and a diagnosis: by code or by words; what fits is offered in one press."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from authorizations.models import Course
from authorizations.web.widgets import SuggestInput
from coding.models import DiagnosisCode, ProcedureCode
from payers.models import Plan

BETWEEN = " · "
MOST_OFFERED = 6
MOST_SUGGESTED = 20


def plan_choices() -> list[tuple[str, str]]:
    """The active plans by name; the code behind it tells two of one name apart."""
    plans = Plan.objects.filter(is_active=True).select_related("payer").order_by("name")
    return [(plan_shown(plan), str(plan.payer)) for plan in plans]


def plan_shown(plan: Plan) -> str:
    """A plan as it is chosen: Cigna PPO · STD-CIG-CFI."""
    return f"{plan.name}{BETWEEN}{plan.code}"


def plans_named(text: str) -> list[Plan]:
    """The one plan of this code or name; else those with all of these words in plan or payer."""
    active = Plan.objects.filter(is_active=True).select_related("payer").order_by("name")
    code = text.rpartition(BETWEEN)[2].strip()
    exact = list(active.filter(Q(code__iexact=code) | Q(name__iexact=text))[:2])
    if len(exact) == 1:
        return exact
    for word in text.replace(BETWEEN, " ").split():
        active = active.filter(
            Q(name__icontains=word) | Q(payer__name__icontains=word) | Q(code__icontains=word)
        )
    return list(active[: MOST_OFFERED + 1]) if text else []


def diagnoses_named(text: str) -> QuerySet[DiagnosisCode]:
    """Diagnoses with these words, or whose code begins so: those we treat most come first."""
    rows: QuerySet[DiagnosisCode] = DiagnosisCode.objects.filter(
        Q(code__istartswith=text) | Q(description__icontains=text)
    )
    used = Course.objects.order_by().filter(diagnosis=OuterRef("code")).values("diagnosis")
    times = Coalesce(Subquery(used.annotate(n=Count("pk")).values("n")), 0)
    return rows.annotate(times_used=times).order_by("-times_used", "code")


class OfferingField(forms.CharField):
    """Text that names one row of our books; of several, each is a button beneath the field."""

    widget: Any
    what = ""

    def refuse(self, text: str, found: list[tuple[str, str]]) -> None:
        """Offer what fits. Raises ValidationError with what would make it right."""
        if not found:
            raise ValidationError(
                f"No {self.what} “{text[:40]}” in our books. Check the spelling or type the code."
            )
        self.widget.offered = found[:MOST_OFFERED]
        more = "" if len(found) <= MOST_OFFERED else ", and more: add a word"
        raise ValidationError(f"“{text[:40]}” fits several{more}. Choose one below.")


class PlanField(OfferingField):
    """A plan by its name, a word of it or of its payer, or its code."""

    what = "plan"

    def __init__(self, **options: Any) -> None:
        told = "Type a word of its name or payer, or its code."
        widget = SuggestInput(plan_choices)
        super().__init__(**{"max_length": 200, "widget": widget, "help_text": told, **options})

    def clean(self, value: Any) -> Any:
        """The plan. Raises ValidationError."""
        text = super().clean(value)
        found = plans_named(text)
        if len(found) == 1:
            return found[0]
        if not text:
            return None
        self.refuse(text, [(plan_shown(plan), str(plan.payer)) for plan in found])
        return None


class DiagnosisField(OfferingField):
    """A diagnosis by its code, with or without its point, or by words."""

    what = "diagnosis"

    def __init__(self, **options: Any) -> None:
        told = "ICD-10-CM code, or a word to search for."
        widget = SuggestInput(look_up="diagnosis_search")
        super().__init__(**{"max_length": 60, "widget": widget, "help_text": told, **options})

    def clean(self, value: Any) -> str:
        """The code. Raises ValidationError."""
        text: str = super().clean(value)
        plain = text.upper().replace(".", "")
        pointed = plain[:3] + ("." + plain[3:] if plain[3:] else "")
        if not text or DiagnosisCode.objects.filter(code=pointed).exists():
            return pointed
        found = list(diagnoses_named(text)[: MOST_OFFERED + 1])
        if len(found) != 1:
            self.refuse(text, [(row.code, row.description) for row in found])
        return found[0].code


def delivery_choices() -> list[tuple[str, str]]:
    """The codes of treatment delivery."""
    return procedure_choices(ProcedureCode.Kind.DELIVERY)


def procedure_choices(*kinds: str) -> list[tuple[str, str]]:
    """The codes of these kinds with our words for them, kind by kind."""
    rows = ProcedureCode.objects.filter(kind__in=kinds)
    ordered = sorted(rows, key=lambda row: (kinds.index(row.kind), row.code))
    return [(row.code, row.short_description) for row in ordered]

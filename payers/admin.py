"""The books of payers: plans, policies, rates."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html

from accounts.admin_base import ALONE, STILL_OPEN, WAITS, Book, DatedBook, DatedForm, InForceFilter
from accounts.admin_proposals import ConfirmedFields
from accounts.permissions import signed_in_person
from accounts.proposals import ChangeRefused
from accounts.roles import Permission
from accounts.scoping import places_of
from payers.extension_points import HOOKS
from payers.models import (
    AuthorizationPolicy,
    CodingPolicy,
    ContractRate,
    DirectoryEntry,
    Issuer,
    KnownPayerError,
    LetterTemplate,
    Payer,
    PaymentReduction,
    Plan,
)
from payers.models.scopes import SCOPE_COLUMNS
from payers.policies.publishing import (
    NotPublished,
    followed_by,
    propose_policy_change,
    publish,
    publishing_refusal,
)

DATES_AND_SOURCE = ("effective_from", "effective_through", "source", "level", "verified_on")
RELATED = ("payer", "issuer", "plan")
WHOM = ("payer", "issuer", "line_of_business", "plan")
SERVICE = tuple(name for name in SCOPE_COLUMNS if name not in WHOM)


@admin.register(Payer)
class Payers(Book):
    """Who pays."""

    list_display = ("name", "key")
    search_fields = ("name",)


@admin.register(Issuer)
class Issuers(DatedBook):
    """The companies that issue plans under one payer's name, with their payer IDs."""

    list_display = ("name", "payer", "electronic_payer_id", "states", *DATES_AND_SOURCE)
    list_filter = (InForceFilter, "payer", "confidence")
    search_fields = ("name", "electronic_payer_id")
    list_select_related = ("payer",)


@admin.register(Plan)
class Plans(ConfirmedFields, Book):
    """Payers' products with their line of business and state of regulation."""

    confirmed = ("payer", "issuer", "line_of_business", "state", "is_active")
    list_display = ("code", "name", "payer", "issuer", "line_of_business", "state", "is_active")
    list_filter = ("payer", "issuer", "line_of_business", "is_active")
    search_fields = ("code", "name")
    list_select_related = ("payer", "issuer")


class PolicyForm(DatedForm):
    """A policy as entered: only proposed, and held against the other proposals."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk is None:
            self.instance.is_published = False

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() - {"is_published"}

    def clean_body_site(self) -> str:
        """The words of a site as they are compared: in small letters, without punctuation."""
        return " ".join(re.findall(r"[a-z0-9]+", self.cleaned_data["body_site"].lower()))

    def clean_code_from(self) -> str:
        return in_capitals(self, "code_from")

    def clean_code_through(self) -> str:
        """The last code of a range; a range of one code is that code."""
        last = in_capitals(self, "code_through")
        return "" if last == self.cleaned_data.get("code_from") else last

    def clean_state(self) -> str:
        return in_capitals(self, "state")

    def clean_diagnosis(self) -> str:
        return in_capitals(self, "diagnosis")


def in_capitals(form: PolicyForm, name: str) -> str:
    text: str = form.cleaned_data[name]
    return text.strip().upper()


def as_stored(value: Any) -> str:
    """A new value as a proposal keeps it; an empty end is empty."""
    return "" if value is None else str(value)


class ProposedBook(DatedBook):
    """Policies: one person proposes, another sees what it would change and publishes."""

    form = PolicyForm
    list_select_related = RELATED
    autocomplete_fields = ("plan",)
    change_form_template = "admin/payers/policy_change_form.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What somebody else proposed is published or left alone, not rewritten."""
        fields = super().get_readonly_fields(request, obj)
        is_anothers = obj and not obj.is_published and obj.proposed_by_id != request.user.pk
        return [*fields, *STILL_OPEN] if is_anothers else fields

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """For which plans, for which services, what the payer answers, since when, who says so."""
        (_, first), *rest = super().get_fieldsets(request, obj)
        names = first["fields"]
        service = [name for name in SERVICE if name in names]
        groups = [
            ("For which plans", [name for name in names if name in WHOM]),
            ("For which services: what is empty holds for every one", service),
            ("What the payer answers", [n for n in names if n not in (*WHOM, *service)]),
        ]
        return [*((title, {"fields": fields}) for title, fields in groups), *rest]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """New ones and changes of published ones are proposed; one's own proposal is mended."""
        if change and obj.is_published:
            self.propose_change(request, obj, form)
            return
        if not change:
            obj.proposed_by, obj.is_published = request.user, False
            messages.info(
                request, "Proposed. Another person publishes it; until then it is not in force."
            )
        super().save_model(request, obj, form, change)

    def propose_change(self, request: HttpRequest, policy: Any, form: Any) -> None:
        """Ask a second administrator for the new end or source; the row stays as it is."""
        values = {name: as_stored(form.cleaned_data[name]) for name in form.changed_data}
        if not values:
            return
        try:
            change = propose_policy_change(
                policy=policy, values=values, by=signed_in_person(request)
            )
        except ChangeRefused as refusal:
            messages.error(request, str(refusal))
            return
        words = ALONE if change.took_effect_alone else WAITS
        messages.info(request, words.format(change.sentence))

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """A change of a published policy is recorded as a proposal, not as done."""
        return None if obj.is_published else super().log_change(request, obj, message)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Back on the page of a published policy, which says that the change waits."""
        return redirect(request.path) if obj.is_published else super().response_change(request, obj)

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_publish"
        view = self.admin_site.admin_view(self.publish_view)
        return [path("<int:pk>/publish/", view, name=name), *super().get_urls()]

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the policy would change, and the button that puts it in force."""
        policy = get_object_or_404(self.model, pk=pk)
        if not self.has_change_permission(request, policy):
            raise PermissionDenied
        if request.method == "POST":
            return self.publish(request, policy)
        context = {
            **self.admin_site.each_context(request),
            "title": "Publish",
            "opts": self.opts,
            "policy": policy,
            "follows": followed_by(policy),
            "impact": None if policy.is_published else HOOKS.impact(policy),
            "is_own": publishing_refusal(policy, request.user) is not None,
            "is_alone": policy.proposed_by_id == request.user.pk,
            "cases_at": places_of(request.user, Permission.READ_CASES),
            "charges_at": places_of(request.user, Permission.REVIEW_CHARGES, Permission.READ_AUDIT),
        }
        return TemplateResponse(request, "admin/payers/policy_publish.html", context)

    def publish(self, request: HttpRequest, policy: Any) -> HttpResponse:
        try:
            publish(policy=policy, by=request.user)
        except NotPublished as refusal:
            messages.error(request, str(refusal))
            return redirect(request.path)
        told = HOOKS.apply(policy, request.user)
        messages.success(request, format_html("Published. {}", told))
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", policy.pk)


@admin.register(AuthorizationPolicy)
class AuthorizationPolicies(ProposedBook):
    """What payers ask before treating."""

    list_display = ("scope", "requirement", "manager", "is_published", *DATES_AND_SOURCE)
    list_filter = (InForceFilter, "payer", "line_of_business", "requirement", "state", "confidence")


@admin.register(CodingPolicy)
class CodingPolicies(ProposedBook):
    """Payers' answers on matters of coding."""

    list_display = ("scope", "topic", "answer", "is_published", *DATES_AND_SOURCE)
    list_filter = (InForceFilter, "payer", "topic", "line_of_business", "state", "confidence")


@admin.register(KnownPayerError)
class KnownPayerErrors(DatedBook):
    """Lines that payers are known to deny by their own mistake."""

    list_display = ("payer", "line", "statement", "reprocessing_until", *DATES_AND_SOURCE)
    list_filter = (InForceFilter, "payer", "confidence")
    search_fields = ("code", "statement", "denial")
    list_select_related = ("payer",)


@admin.register(LetterTemplate)
class LetterTemplates(DatedBook):
    """Texts of letters to payers."""

    list_display = ("kind", "payer", "body_site", "technique", *DATES_AND_SOURCE)
    list_filter = (InForceFilter, "kind", "payer")
    search_fields = ("words", "body_site", "payer__name")
    list_select_related = ("payer",)


@admin.register(DirectoryEntry)
class DirectoryEntries(DatedBook):
    """Whom to call: numbers, hours, portals and addresses."""

    list_display = ("whose", "phone", "hours", "fax", "peer_to_peer_phone", *DATES_AND_SOURCE)
    list_filter = (InForceFilter, "payer", "confidence")
    search_fields = ("manager", "phone", "fax", "payer__name", "issuer__name", "plan__code")
    list_select_related = RELATED
    autocomplete_fields = ("plan",)


@admin.register(ContractRate)
class ContractRates(DatedBook):
    """What plans have agreed to pay."""

    list_display = ("plan", "code", "modifier", "amount", *DATES_AND_SOURCE)
    list_filter = (InForceFilter, "plan__payer", "confidence")
    search_fields = ("code", "plan__code")
    list_select_related = ("plan",)
    autocomplete_fields = ("plan",)


@admin.register(PaymentReduction)
class PaymentReductions(DatedBook):
    """What the law takes off a program's own payment: sequestration."""

    list_display = ("line_of_business", "percent", "program_share_percent", *DATES_AND_SOURCE)
    list_filter = (InForceFilter, "line_of_business", "confidence")

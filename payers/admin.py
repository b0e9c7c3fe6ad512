"""The books of payers: plans, policies, rates."""

from __future__ import annotations

from django.contrib import admin

from accounts.bookkeeping import Book, DatedBook, InForceFilter
from payers.models import AuthorizationPolicy, CodingPolicy, ContractRate, Payer, Plan

DATES_AND_SOURCE = ("effective_from", "effective_through", "source", "confidence", "verified_on")
RELATED = ("payer", "plan")


@admin.register(Payer)
class Payers(Book):
    """Who pays."""

    list_display = ("name", "key")
    search_fields = ("name",)


@admin.register(Plan)
class Plans(Book):
    """Payers' products with their line of business and state of regulation."""

    list_display = ("code", "name", "payer", "line_of_business", "state", "is_active")
    list_filter = ("payer", "line_of_business", "is_active")
    search_fields = ("code", "name")
    list_select_related = ("payer",)


@admin.register(AuthorizationPolicy)
class AuthorizationPolicies(DatedBook):
    """What payers ask before treating."""

    list_display = ("scope", "requirement", "manager", *DATES_AND_SOURCE)
    list_filter = (InForceFilter, "payer", "line_of_business", "requirement", "confidence")
    list_select_related = RELATED
    autocomplete_fields = ("plan",)


@admin.register(CodingPolicy)
class CodingPolicies(DatedBook):
    """Payers' answers on matters of coding."""

    list_display = ("scope", "topic", "value", *DATES_AND_SOURCE)
    list_filter = (InForceFilter, "payer", "topic", "line_of_business", "confidence")
    list_select_related = RELATED
    autocomplete_fields = ("plan",)


@admin.register(ContractRate)
class ContractRates(DatedBook):
    """What plans have agreed to pay."""

    list_display = ("plan", "code", "modifier", "amount", *DATES_AND_SOURCE)
    list_filter = (InForceFilter, "plan__payer")
    search_fields = ("code", "plan__code")
    list_select_related = ("plan",)
    autocomplete_fields = ("plan",)

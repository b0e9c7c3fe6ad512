"""The books of people and places."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet
from django.http import HttpRequest

from accounts.bookkeeping import Book
from accounts.models import Facility, Membership, Provider, User

admin.site.unregister(Group)


class EachRoleOnce(BaseInlineFormSet):
    """A role in a facility stands once for a person."""

    def clean(self) -> None:
        super().clean()
        given = [
            (form.cleaned_data.get("role"), form.cleaned_data.get("facility"))
            for form in self.forms
            if form.cleaned_data and not form.cleaned_data.get("DELETE")
        ]
        if len(set(given)) < len(given):
            raise ValidationError("The same role in the same facility stands twice.")
        shown = {form.instance.pk for form in self.initial_forms}
        others = self.instance.memberships.exclude(pk__in=shown) if self.instance.pk else ()
        if {(row.role, row.facility) for row in others} & set(given):
            raise ValidationError("Somebody gave one of these roles meanwhile: open it again.")


class Roles(admin.TabularInline):
    """What a person does, and where."""

    model = Membership
    formset = EachRoleOnce
    extra = 1
    verbose_name = "role"
    verbose_name_plural = "roles"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


@admin.register(User)
class People(Book, UserAdmin):
    """People who sign in. Who leaves is switched off, never deleted."""

    inlines = (Roles,)
    list_display = ("username", "first_name", "last_name", "is_active", "last_login")
    list_filter = ("is_active", "memberships__role", "memberships__facility")
    search_fields = ("username", "first_name", "last_name")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email", "is_active")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "usable_password")}),
        ("Password", {"fields": ("password1", "password2")}),
    )


@admin.register(Facility)
class Facilities(Book):
    """Places of treatment with POS, NPI, time zone and machines."""

    list_display = ("code", "name", "place_of_service", "npi", "state", "time_zone", "is_active")
    list_filter = ("is_active", "place_of_service", "state")
    search_fields = ("code", "name", "npi")


@admin.register(Provider)
class Providers(Book):
    """Clinicians; a radiation oncologist's login is linked here."""

    list_display = ("name", "role", "npi", "user", "is_active")
    list_filter = ("role", "is_active")
    search_fields = ("name", "npi")
    autocomplete_fields = ("user",)
    list_select_related = ("user",)

"""The books of people and places. What gives access is proposed here and confirmed by another."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import admin as auth_admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseInlineFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html

from accounts.access_ends import end_clinician_login, end_role, end_sign_in
from accounts.admin_base import Book
from accounts.admin_proposals import ConfirmedFields, propose_in_admin, say_if_refused
from accounts.administrators import EVERYWHERE, keeps_books_of, places_of_person
from accounts.models import (
    DutySetting,
    Facility,
    Membership,
    Provider,
    User,
)
from accounts.permissions import signed_in_person
from accounts.proposal_views import hand_over_link
from accounts.proposed_change import ProposedChangeKind as Kind
from accounts.roles import Permission
from accounts.scoping import facilities_of
from accounts.separation import DUTIES, DUTY

admin.site.unregister(auth_admin.Group)


def in_a_list(rows: Any) -> str:
    """What waits about a row, for a read-only field of its page."""
    return "; ".join(str(row) for row in rows) or "Nothing"


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


class Roles(admin.StackedInline):
    """What a person does, and where. A role is added or taken away; nobody changes their own."""

    model = Membership
    formset = EachRoleOnce
    extra = 1
    verbose_name = "role"
    verbose_name_plural = "roles"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or obj.pk != request.user.pk

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_add_permission(request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """A role is offered at the facilities whose books the administrator keeps."""
        if db_field.name == "facility":
            kept = facilities_of(signed_in_person(request), Permission.KEEP_BOOKS)
            options.setdefault("queryset", kept)
        return super().formfield_for_foreignkey(db_field, request, **options)


@admin.register(User)
class People(Book):
    """People who sign in. Who leaves is switched off, never deleted."""

    change_form_template = "admin/accounts/user_change_form.html"
    inlines = (Roles,)
    list_display = ("username", "first_name", "last_name", "is_active", "last_login")
    list_filter = ("is_active", "memberships__role", "memberships__facility")
    search_fields = ("username", "first_name", "last_name")
    names = ("username", "first_name", "last_name", "email")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """A new person is named; of an old one also: may they sign in, as which clinician."""
        if obj is None:
            return ((None, {"fields": self.names}),)
        return ((None, {"fields": (*self.names, "is_active", "clinician", "waiting")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """One's own right to sign in is not one's own to change, nor a person of elsewhere."""
        own: tuple[str, ...] = (
            ("is_active",) if obj is not None and obj.pk == request.user.pk else ()
        )
        if obj is not None and not keeps_books_of(signed_in_person(request), places_of_person(obj)):
            own = (*self.names, "is_active")
        return ("clinician", "waiting", *own)

    @admin.display(description="signs in as the clinician")
    def clinician(self, person: User) -> str:
        """The other side of the link that the book of providers keeps."""
        provider = getattr(person, "provider", None)
        if provider is None:
            page = reverse("admin:accounts_provider_changelist")
            return format_html('Nobody. <a href="{}">Link it in the providers</a>', page)
        page = reverse("admin:accounts_provider_change", args=[provider.pk])
        return format_html('<a href="{}">{}, {}</a>', page, provider, provider.get_role_display())

    @admin.display(description="waiting for a second administrator")
    def waiting(self, person: User) -> str:
        return in_a_list(person.proposed_changes.waiting().with_names())

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Names are saved at once, an end of access too; the right to sign in is proposed."""
        is_switched = not change or "is_active" in form.changed_data
        is_let_in = is_switched and (not change or obj.is_active)
        if is_let_in:
            obj.is_active = False
        elif is_switched:
            obj.is_active = True
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if is_let_in:
            propose_in_admin(request, kind=Kind.PERSON, person=obj)
        elif is_switched:
            say_if_refused(request, end_sign_in, person=obj)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Roles taken away end now; roles given are proposed."""
        given = formset.save(commit=False)
        for membership in formset.deleted_objects:
            say_if_refused(request, end_role, membership=membership)
        for row in given:
            what = {"person": form.instance, "role": row.role, "facility": row.facility}
            propose_in_admin(request, kind=Kind.ROLE, **what)

    def response_add(self, request: HttpRequest, obj: User, **options: Any) -> HttpResponse:
        """On to the person's page: it says what waits, and has the link for a password."""
        return redirect("admin:accounts_user_change", obj.pk)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.password_link_view)
        name = "accounts_user_password_link"
        return [path("<int:pk>/password-link/", view, name=name), *super().get_urls()]

    def password_link_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for a one-time link with which the person sets a new password."""
        person = get_object_or_404(User, pk=pk)
        if request.method != "POST" or not self.has_change_permission(request, person):
            raise PermissionDenied("A link for a new password is asked for on the person's page.")
        here = redirect("admin:accounts_user_change", pk)
        if person.pk == request.user.pk:
            messages.error(request, "Change your own password in the menu under your name.")
            return here
        change = propose_in_admin(request, kind=Kind.PASSWORD_RESET, person=person)
        if change and change.took_effect_alone:
            return hand_over_link(request, person)
        return here


@admin.register(Facility)
class Facilities(ConfirmedFields, Book):
    """Places of treatment with POS, NPI, time zone and machines."""

    confirmed = ("place_of_service", "state", "time_zone", "method_ii_from")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A new facility is entered by who keeps the books of all."""
        return super().has_add_permission(request) and keeps_books_of(
            signed_in_person(request), EVERYWHERE
        )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or keeps_books_of(signed_in_person(request), [obj.pk]))

    list_display = ("code", "name", "place_of_service", "npi", "state", "time_zone", "is_active")
    list_filter = ("is_active", "place_of_service", "state")
    search_fields = ("code", "name", "npi")


@admin.register(Provider)
class Providers(Book):
    """Clinicians; a radiation oncologist's login is linked here, by two administrators."""

    list_display = ("name", "role", "npi", "user", "is_active")
    list_filter = ("role", "is_active")
    search_fields = ("name", "npi")
    autocomplete_fields = ("user",)
    list_select_related = ("user",)

    def get_readonly_fields(self, request: HttpRequest, obj: Provider | None = None) -> Any:
        """While a login is linked, who the clinician is does not change under it."""
        if obj is None or obj.user_id is None:
            return ("waiting",)
        ended = () if obj.is_active else ("is_active",)
        return ("name", "npi", "role", *ended, "waiting")

    @admin.display(description="waiting for a second administrator")
    def waiting(self, provider: Provider) -> str:
        return in_a_list(provider.proposed_changes.waiting().with_names()) if provider.pk else ""

    def save_model(self, request: HttpRequest, obj: Provider, form: Any, change: bool) -> None:
        """A link with a login is proposed; its end takes effect at once."""
        asked = obj.user if "user" in form.changed_data else None
        is_ended = change and "user" in form.changed_data and asked is None
        if "user" in form.changed_data:
            obj.user_id = form.initial.get("user") if change else None
        super().save_model(request, obj, form, change)
        if asked:
            propose_in_admin(request, kind=Kind.CLINICIAN_LOGIN, person=asked, provider=obj)
        elif is_ended:
            say_if_refused(request, end_clinician_login, provider=obj)


class DutySettingForm(forms.ModelForm):
    """Which rule of two people is switched off, for which days, and why."""

    duty = forms.ChoiceField(
        label="Rule",
        choices=[
            (duty.key, f"Who {duty.having} may not {duty.may_not}")
            for duty in DUTIES
            if duty.can_be_switched_off
        ],
    )

    def clean_effective_through(self) -> date | None:
        """The one thing that changes later: the rule is in force again, sooner."""
        asked, now = self.cleaned_data["effective_through"], self.instance.effective_through
        if self.instance.pk and (asked is None or (now and asked > now)):
            raise ValidationError(
                "For longer, add a row: a second administrator confirms it. This one only ends."
            )
        return asked


@admin.register(DutySetting)
class DutySettings(Book):
    """Rules of two people that a small practice switches off for some days, with the reason."""

    form = DutySettingForm
    fields = ("duty", "effective_from", "effective_through", "reason")
    list_display = ("duty", "effective_from", "effective_through", "reason", "by", "at")
    list_select_related = ("by",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else ("duty", "effective_from", "reason")

    def save_model(self, request: HttpRequest, obj: DutySetting, form: Any, change: bool) -> None:
        """Proposed: a second administrator, where there is one, switches the rule off."""
        if change:
            super().save_model(request, obj, form, change)
            return
        values = {name: str(form.cleaned_data[name] or "") for name in self.fields}
        duty = DUTY[obj.duty]
        subject = f"who {duty.having} may {duty.may_not}."
        propose_in_admin(request, kind=Kind.DUTY_SETTING, values=values, subject=subject)

    def log_addition(self, request: HttpRequest, obj: DutySetting, message: Any) -> None:
        """Nothing is added here: the proposal and its history are the record."""

    def response_add(self, request: HttpRequest, obj: DutySetting, **options: Any) -> HttpResponse:
        return redirect("admin:accounts_dutysetting_changelist")

"""What all books of the admin share: who opens them, which rows are in force, what changed and
when.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, Q, QuerySet
from django.forms.models import BaseInlineFormSet, InlineForeignKeyField
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from accounts.changes import changes_of
from accounts.roles import Permission, has_permission

DATES = ("effective_from", "effective_through")
SOURCE = ("source", "source_url", "verified_on", "confidence")
SOURCE_COLUMNS = ("source", "verified_on", "confidence")


class BookPermissions:
    """A book opens to those who keep it: the table of roles decides, nothing else."""

    def may(self, request: HttpRequest) -> bool:
        return has_permission(request.user, Permission.KEEP_BOOKS)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Rows end or are switched off; they are not deleted."""
        return False


class HistoryPage:
    """The history tab: every change of a row, by machine or by hand, in plain words."""

    object_history_template = "admin/book_history.html"
    history_hides: tuple[str, ...] = ()
    history_with: tuple[tuple[type[Model], str], ...] = ()  # rows inside this one, and their link

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": "History",
            "opts": self.opts,
            "row": row,
            "changes": changes_of(row, self.history_with, self.history_hides),
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template, context)


class BookAdmin(BookPermissions, HistoryPage, admin.ModelAdmin):
    """A book: its rows in lists of fifty, what they say, when it is true, and who says so."""

    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """What the row says, then its dates, then its source."""
        names = [name for name in self.get_fields(request, obj) if isinstance(name, str)]
        groups = [(None, [name for name in names if name not in (*DATES, *SOURCE)])]
        groups.append(("In force", [name for name in names if name in DATES]))
        groups.append(("Where this comes from", [name for name in names if name in SOURCE]))
        return [(title, {"fields": fields}) for title, fields in groups if fields]


class InForceFilter(admin.SimpleListFilter):
    """Rows by whether they are in force today."""

    title = "in force"
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("today", "In force today"), ("ended", "Ended"), ("future", "Not yet in force")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        today = timezone.localdate()
        if self.value() == "today":
            return queryset.in_force(today)
        chosen = {"ended": Q(effective_through__lt=today), "future": Q(effective_from__gt=today)}
        return queryset.filter(chosen.get(self.value(), Q()))


class DatedRowForm(forms.ModelForm):
    """A dated row inside its parent's form. Overlap is judged among all the rows sent together."""

    def validate_constraints(self) -> None:
        parents = {n for n, f in self.fields.items() if isinstance(f, InlineForeignKeyField)}
        try:
            self.instance.validate_constraints(exclude=self._get_validation_exclusions() | parents)
        except ValidationError as error:
            self._update_errors(error)


class DatedRows(BaseInlineFormSet):
    """The rows of one parent: one may end and its successor begin in the same sending."""

    def clean(self) -> None:
        super().clean()
        dated = [form for form in self.forms if form.cleaned_data_or_nothing().get(DATES[0])]
        for earlier, later in pairwise(sorted(dated, key=first_day)):
            end = earlier.cleaned_data.get(DATES[1])
            if end is None or end >= first_day(later):
                later.add_error(DATES[0], "Another row is already in force on some of these dates.")


def first_day(form: forms.ModelForm) -> Any:
    return form.cleaned_data[DATES[0]]


def titled(label: str) -> Any:
    """A column of a list under another heading."""
    return admin.display(description=label)


def related(queryset: QuerySet, names: Iterable[str]) -> QuerySet:
    return queryset.select_related(*names) if names else queryset

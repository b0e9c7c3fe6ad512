"""What all books of the admin share: who opens them, what may still change, what changed."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django_tables2.utils import Accessor

from accounts.access_log import record_access
from accounts.exports.admin_lists import ListFiles, file_name
from accounts.exports.column import ExportColumn, Joined
from accounts.exports.response import asked_kind, table_file
from accounts.readers import read_row_number
from accounts.roles import Permission, is_permitted_somewhere
from accounts.row_history import changes_of
from accounts.waiting_changes import count_waiting

DATES = ("effective_from", "effective_through")
SOURCE = ("source", "source_url", "verified_on", "confidence")
CHANGES = (
    ExportColumn("when", "at"),
    ExportColumn("who", "by"),
    ExportColumn("what", "what", Joined("; ")),
)
STILL_OPEN = frozenset({"effective_through", "note", *SOURCE})

WAITS = "Proposed: {}. It waits for a second administrator and has no effect until then."
ALONE = "Done, and marked as done alone: {}. A second administrator will look it through."


class Books(admin.AdminSite):
    """The admin: it keeps the books and opens to those whose role keeps them."""

    site_header = "Guidance Ledger: the books"
    site_title = "Books"
    index_title = "Books"
    index_template = "admin/book_index.html"

    def index(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The books, and how much waits for a second administrator."""
        waiting = {"waiting_for_me": count_waiting(request.user)}
        return super().index(request, {**waiting, **(extra_context or {})})

    def has_permission(self, request: HttpRequest) -> bool:
        return is_permitted_somewhere(request.user, Permission.KEEP_BOOKS)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """One page for everybody: it counts wrong tries."""
        return redirect("password_change")

    def get_urls(self) -> list[Any]:
        """Without the address that leads from a row to its page: no row has one."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]


class KnownRow(AutocompleteSelect):
    """A row looked for while typing; what is no number of a row is none."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        return super().optgroups(name, [v for v in value if read_row_number(v)], attr)


class HistoryPage:
    """The history tab: every change of a row, by machine or by hand, in plain words."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        changes = changes_of(row) if hasattr(row, "history") else []
        if asked_kind(request):
            tables = {"changes": (CHANGES, changes)}
            about = f"{file_name(self.opts)}-{row.pk}"
            return table_file(request, tables, about, self.patient_of(row))
        self.seen(request, row)
        context = {
            **self.admin_site.each_context(request),
            "title": "History",
            "opts": self.opts,
            "row": row,
            "changes": changes,
            "has_history": hasattr(row, "history"),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/book_history.html", context)

    def patient_of(self, row: Model) -> Model | None:
        """Whose data the row is; nobody's in a book."""
        return None

    def seen(self, request: HttpRequest, row: Model) -> None:
        """Remember who read a patient's row; a book holds none."""


class Book(ListFiles, HistoryPage, admin.ModelAdmin):
    """A book: rows are added, ended and corrected in their source; none is deleted."""

    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    formfield_overrides: ClassVar = {models.URLField: {"assume_scheme": "https"}}

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **options: Any
    ) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            options.setdefault("widget", KnownRow(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **options)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_permitted_somewhere(request.user, Permission.KEEP_BOOKS)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class DatedForm(forms.ModelForm):
    """A row whose dates and source change: held against what stays, so that nothing surprises."""

    def _get_validation_exclusions(self) -> set[str]:
        if self.instance.pk is None:
            return super()._get_validation_exclusions()
        return set()


class DatedBook(Book):
    """Rows true for a span of days: what one says stays, it ends and another begins."""

    form = DatedForm

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if obj is None:
            return self.readonly_fields
        names = [field.name for field in obj._meta.fields if field.editable]
        return [name for name in names if name not in STILL_OPEN and name != "id"]

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """What the row says, then its dates, then its source."""
        names = [name for name in self.get_fields(request, obj) if isinstance(name, str)]
        groups = [
            (None, [name for name in names if name not in (*DATES, *SOURCE)]),
            ("In force", [name for name in names if name in DATES]),
            ("Where this comes from", [name for name in names if name in SOURCE]),
        ]
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
        if self.value() and self.value() not in chosen:
            raise IncorrectLookupParameters
        return queryset.filter(chosen.get(self.value() or "", Q()))


class Window(ListFiles, HistoryPage, admin.ModelAdmin):
    """A read-only window on cases, for those who also have a role that reads them there."""

    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    actions = None
    patient_path = "course__patient"
    permissions: tuple[Permission, ...] = (Permission.READ_CASES,)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_permitted_somewhere(request.user, *self.permissions)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The rows of the facilities where the person holds the permission."""
        return super().get_queryset(request).for_user(request.user, *self.permissions)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        if self.has_module_permission(request) and not asked_kind(request):
            record_access(request, rows=self.list_per_page)
        return response

    def render_change_form(
        self, request: HttpRequest, context: Any, **options: Any
    ) -> HttpResponse:
        self.seen(request, options["obj"])
        return super().render_change_form(request, context, **options)

    def patient_of(self, row: Model) -> Model | None:
        return Accessor(self.patient_path).resolve(row)

    def seen(self, request: HttpRequest, row: Model) -> None:
        record_access(request, patient=self.patient_of(row))

"""The lists of the admin as files: the rows of its filters and search, in its order, all pages."""

from __future__ import annotations

from copy import copy
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import slugify

from accounts.exports.column import columns
from accounts.exports.response import LazyRows, asked_kind, send_table
from accounts.web.query_values import NotKnownHere

PLAIN = (str, int, Decimal, date)
YES_NO = {True: "yes", False: "no"}


def file_name(opts: Any) -> str:
    """What a file of these rows is called: code-editions."""
    return slugify(opts.verbose_name_plural)


class ListFiles:
    """A list of the admin that also comes as CSV and as a workbook."""

    change_list_template = "admin/book_list.html"
    # What a list shows in short and a file in full.
    in_full: ClassVar = {"level": "confidence"}

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if ERROR_FLAG in request.GET:  # where Django leads after a filter that is none
            raise NotKnownHere("A filter of this address is not known here.")
        if not asked_kind(request):
            return super().changelist_view(request, extra_context)
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self.list_file(request)

    def list_file(self, request: HttpRequest) -> HttpResponse:
        """All rows the filters leave. Raises Http404 for a filter that is none."""
        asked = copy(request)
        asked.GET = request.GET.copy()
        del asked.GET["export"]
        try:
            found = self.get_changelist_instance(asked)
        except IncorrectLookupParameters:
            raise Http404 from None
        shown = [name for name in found.list_display if name != "action_checkbox"]
        names = [self.in_full.get(name, name) for name in shown]
        headings = [str(label_for_field(name, self.model, self)).lower() for name in names]
        rows = LazyRows(found.queryset, lambda row: [self.cell(name, row) for name in names])
        return send_table(request, rows, columns(*headings), file_name(self.opts))

    @admin.display(description="confidence", ordering="confidence")
    def level(self, row: Any) -> str:
        """How well it is known, by its letter: the filter beside the list says what each means."""
        return str(row.confidence)

    def cell(self, name: str, row: Model) -> Any:
        """What the list says there, in words where it shows a sign."""
        field, _, value = lookup_field(name, row, self)
        words = dict(getattr(field, "flatchoices", None) or ())
        if isinstance(value, bool):
            words = YES_NO
        if words:
            return words.get(value, value)
        return value if value is None or isinstance(value, PLAIN) else str(value)

"""What all list pages share: filters, columns, sorting, fifty rows a page, scope, downloads."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django_filters import FilterSet
from django_filters.views import FilterView
from django_tables2.views import SingleTableMixin

from accounts.access_log import record_access
from accounts.permissions import require_somewhere
from accounts.roles import Permission
from accounts.scoping import facilities_of
from accounts.web.paging import CappedPaginator
from accounts.web.query_values import NotKnownHere, sentences_of
from accounts.web.return_page import asked_page
from authorizations.web.download_response import asked_kind, download

NOTHING_KNOWN = "These filters ask for something that is not known here"
NO_FILTERS = frozenset({"export", "page", "sort"})


def after(request: HttpRequest, page: str, **arguments: Any) -> HttpResponse:
    """Back to the place the form was sent from, such as a list with a charge beside it; else on."""
    target = asked_page(request, request.POST.get("next"))
    if target:
        return HttpResponseRedirect(target)
    return redirect(page, **arguments)


def asked_rows(filters: FilterSet) -> QuerySet:
    """The rows of a filter set for a file or a verb. Raises NotKnownHere for unknown filters."""
    if filters.form.errors:
        raise NotKnownHere(*sentences_of(filters.form))
    return filters.qs


class ListPage(SingleTableMixin, FilterView):
    """A list screen as a declaration: model, table, filterset, template."""

    permissions: tuple[Permission, ...] = (Permission.READ_CASES,)
    table_pagination = {"per_page": 50, "paginator_class": CappedPaginator}
    strict = False
    shows_patients = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any):
        require_somewhere(request, *self.permissions)
        response = super().dispatch(request, *args, **kwargs)
        if self.shows_patients and not asked_kind(request):
            record_access(request, rows=50)
        return response

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page, or all its rows as a file."""
        if not asked_kind(request):
            return super().get(request, *args, **kwargs)
        filters = self.get_filterset(self.get_filterset_class())
        rows = asked_rows(filters)
        name = self.table_class.caption.lower().replace(" ", "-")
        return download(request, rows, self.table_class, name, self.urgent_first(filters))

    def get_queryset(self) -> QuerySet:
        """The rows of the facilities where the person holds the permission."""
        return super().get_queryset().for_user(self.request.user, *self.permissions)

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        context = super().get_context_data(**more)
        mine = facilities_of(self.request.user, Permission.SAVE_VIEWS)
        context["shares_at"] = mine.values_list("pk", "name")
        return context

    def get_table(self, **options: Any):
        table = super().get_table(**options)
        table.is_downloadable = True
        if self.filterset.form.errors:
            table.empty_title = NOTHING_KNOWN
            table.empty_text = " ".join(sentences_of(self.filterset.form))
        return table

    def get_table_kwargs(self) -> dict[str, Any]:
        return {**super().get_table_kwargs(), **self.urgent_first(self.filterset)}

    def urgent_first(self, filters: FilterSet) -> dict[str, Any]:
        """A worklist begins with what has waited or been under way longest."""
        chosen = getattr(filters, "worklist", None)
        return {"order_by": chosen.oldest} if chosen else {}

    @property
    def is_filtered(self) -> bool:
        """Whether somebody chose what to see; paging, sorting and downloading are no choice."""
        return bool(set(self.request.GET) - NO_FILTERS)

"""The charge queue: groups, filters that are remembered, the list, and a charge beside it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access_log import record_access
from accounts.past import clock
from accounts.permissions import permit
from accounts.readers import read_row_number
from accounts.roles import Permission, is_permitted_somewhere
from accounts.scoping import places_of
from accounts.web.query_values import sentences_of
from authorizations.charges.queue import page as queue
from authorizations.charges.queue.actions import assign_charges, remember
from authorizations.charges.queue.filters import ChargeFilter, coders
from authorizations.charges.queue.groups import BY_KEY, group_charges, total_of_groups
from authorizations.charges.tables import ChargeTable, QueueTable
from authorizations.charges.views import READERS, charge_context, get_charge_or_404
from authorizations.models import Charge, RememberedView
from authorizations.web.download_response import asked_kind, download
from authorizations.web.list_view import after, asked_rows

P = Permission
PAGE = "charge_list"
MOST_AT_ONCE = 500
SESSION_KEY = f"left:{PAGE}"


@permit(*READERS)
def charge_list(request: HttpRequest) -> HttpResponse:
    """The queue as it was left, or as it is asked for; with a charge beside it when one is open."""
    place = queue.Place.of(request.GET)
    if "all" in request.GET:
        remember_queue(request, "")
        return redirect(PAGE)
    if not request.GET and (left := left_as(request)):
        return redirect(f"{reverse(PAGE)}?{left}")
    mine = Charge.objects.for_user(request.user, *READERS)
    filters = ChargeFilter(request.GET, queryset=mine, request=request)
    # A look at one course is no habit, nor is what is not known here.
    if "course" not in request.GET and not filters.form.errors:
        remember_queue(request, place.filters)
    if asked_kind(request):
        return download(request, asked_rows(filters), ChargeTable, "charges")
    context = list_context(request, filters, place)
    chosen = read_row_number(request.GET.get("charge"))
    if chosen:
        context |= pane_context(request, chosen, place, context["numbers"])
    if request.htmx and request.htmx.target == "pane" and "charge" in context:
        return render(request, "authorizations/charges/_charge_pane.html", context)
    context |= rows_context(request, context["numbers"])
    record_access(request, rows=len(context["rows"]))
    return render(request, "authorizations/charges/charge_list.html", context)


def left_as(request: HttpRequest) -> str:
    """How this person left the queue, read once for each sign-in."""
    if SESSION_KEY not in request.session:
        row = RememberedView.objects.filter(owner=request.user, page=PAGE).first()
        request.session[SESSION_KEY] = row.query if row else ""
    return str(request.session[SESSION_KEY])


def remember_queue(request: HttpRequest, query: str) -> None:
    """Remember how the queue stands now, if that is new."""
    may_keep = is_permitted_somewhere(request.user, P.SAVE_VIEWS) and clock.known_at() is None
    if may_keep and left_as(request) != query and len(query) <= 400:
        remember(owner=request.user, page=PAGE, query=query)
        request.session[SESSION_KEY] = query


def list_context(request: HttpRequest, filters: ChargeFilter, place: queue.Place) -> dict[str, Any]:
    """The groups, what they hold together, and the numbers of the charges of this page."""
    rows, key = filters.qs, queue.chosen_dimension(request.GET)
    table = QueueTable(rows, order_by=request.GET.get("sort"))
    known = 0 if filters.is_short else queue.capped(rows)
    groups, sums = [], None
    if known <= queue.MOST_COUNTED:
        dimension = BY_KEY[key]
        groups = group_charges(rows, dimension, filters.on, filters.book.labels(dimension))
        sums = total_of_groups(groups)
    pages = queue.KnownCount(queue.rows_counted(sums))
    page = pages.get_page(request.GET.get("page"))
    return {
        "filter": filters,
        "unknown": sentences_of(filters.form),
        "chips": queue.chips(filters.form, place),
        "place": place,
        "here": place.here,
        "groupings": queue.groupings(key, place),
        "groups": queue.shown_groups(groups, key, place),
        "sums": sums,
        "most_counted": queue.MOST_COUNTED,
        "table": table,
        "page": page,
        "numbers": pages.numbers(page, table.data.data),
        "views": filters.book.views,
        "coders": filters.book.choices("coder"),
        "may_work": is_permitted_somewhere(request.user, P.REVIEW_CHARGES),
        "is_confirming": request.GET.get("queue") == "overrides",
        "query": place.filters,
        "shares_at": shares_at(request, filters),
    }


def shares_at(request: HttpRequest, filters: ChargeFilter) -> list[tuple[str, str]]:
    """The facilities in which this person may share a view of the queue."""
    mine = places_of(request.user, P.SAVE_VIEWS)
    return [row for row in filters.book.choices("facility") if int(row[0]) in mine]


def rows_context(request: HttpRequest, numbers: list[int]) -> dict[str, Any]:
    """The fifty rows of the page."""
    today = clock.today()
    rows = queue.queue_rows(numbers, request.user, clock.now(), today)
    return {"rows": rows, "has_workable": any(row.is_workable for row in rows)}


def pane_context(
    request: HttpRequest, number: int, place: queue.Place, numbers: list[int]
) -> dict[str, Any]:
    """The charge beside the list, and where its buttons lead back to."""
    charge = get_charge_or_404(request, number)
    before, following = queue.neighbours(numbers, number)
    base = reverse(PAGE)
    return {
        **charge_context(
            request,
            charge,
            stay=base + place.url(charge=number),
            onward=base + place.url(charge=following or number),
        ),
        "is_pane": True,
        "close_url": f"{place.url()}#charge-{number}",
        "before_url": before and place.url(charge=before),
        "following_url": following and place.url(charge=following),
    }


@require_POST
@permit(P.REVIEW_CHARGES)
def charge_assign(request: HttpRequest) -> HttpResponse:
    """Give one charge or the ticked ones to a coder, to oneself, or to nobody in particular."""
    ticked = [n for n in map(read_row_number, request.POST.getlist("charge")) if n]
    mine = Charge.objects.for_user(request.user, P.REVIEW_CHARGES).select_related("facility")
    charges = list(mine.filter(pk__in=ticked[:MOST_AT_ONCE]))
    chosen = request.POST.get("assigned_to", "")
    person = coders(request.user).filter(pk=read_row_number(chosen)).first()
    if chosen and chosen != "nobody" and person is None:
        messages.error(request, "Not given: this person does not work charges.")
        return after(request, PAGE)
    given = assign_charges(charges=charges, to=person, by=request.user)
    say_what_was_given(request, len(charges), len(given), person)
    return after(request, PAGE)


def say_what_was_given(request: HttpRequest, asked: int, given: int, person: Any) -> None:
    """How many went to whom, and why some did not."""
    if not asked:
        messages.info(request, "Nothing was ticked. Tick charges, then give them to somebody.")
        return
    name = "you" if person == request.user else person or "nobody in particular"
    if given:
        messages.success(request, f"{given} charge{'s' * (given != 1)} given to {name}.")
    if given < asked:
        kept = f"{asked - given} not given: {name} does not work charges at their facility."
        messages.warning(request, kept)

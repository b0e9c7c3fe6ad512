"""May we bill this? An address holds the facts; the page answers them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.permissions import permit
from accounts.roles import Permission
from payers.may_we_bill.page import page_context


@require_safe
@permit(Permission.READ_BOOKS)
def may_we_bill(request: HttpRequest) -> HttpResponse:
    """The answer to the facts of the address; what is wrong with them is said beside each field."""
    context = page_context(request.GET)
    status = 400 if context["is_wrong"] or context["is_beyond"] else 200
    return render(request, "payers/may_we_bill.html", context, status=status)

"""Disputes and overrides: where people contradict the rulebook, and what became of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access_log import record_access
from accounts.exports.response import asked_kind, table_file
from accounts.permissions import permit
from accounts.roles import Permission
from authorizations.charges import exports
from authorizations.charges.dispute_list import by_rule, done_alone, words_said


@permit(Permission.READ_DASHBOARD)
def dispute_list(request: HttpRequest) -> HttpResponse:
    """Counts by rule above, each word below, the newest first."""
    words, alone = words_said(request.user), done_alone(request.user)
    if asked_kind(request):
        tables = exports.dispute_tables(words, by_rule(words), alone)
        return table_file(request, tables, "disputes")
    record_access(request, rows=len(words))
    context = {"words": words, "rules": by_rule(words), "alone": alone}
    return render(request, "authorizations/charges/dispute_list.html", context)

"""The payer dashboard, and the rows behind each of its figures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django_tables2 import RequestConfig

from accounts.access_log import record_access
from accounts.models import Facility
from accounts.permits import permit
from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations import authorization_page, dashboards
from authorizations.dashboards import FIGURES, Figure, Period
from authorizations.standing import STATUS_TONES, TONES
from authorizations.tables import AuthorizationTable, ChargeTable, SessionTable
from payers.models import LineOfBusiness, Payer

DAYS = (("30", "30 days"), ("90", "90 days"), ("365", "a year"))
RELATED = {
    "authorization": ("course__patient", "course__facility", "plan__payer"),
    "charge": ("session__course__patient", "plan__payer", "facility"),
    "session": ("course__patient", "facility"),
}
TABLES = {"authorization": AuthorizationTable, "charge": ChargeTable, "session": SessionTable}


class DashboardFilter(forms.Form):
    """Since when, where, for which line of business."""

    days = forms.ChoiceField(choices=DAYS, required=False, label="Decided within")
    facility = forms.ModelChoiceField(Facility.objects.none(), required=False, empty_label="All")
    line_of_business = forms.ChoiceField(
        choices=[("", "All"), *LineOfBusiness.choices], required=False, label="Line of business"
    )

    def __init__(self, *args: Any, facilities: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["facility"].queryset = facilities


def asked_period(request: HttpRequest) -> tuple[DashboardFilter, Period]:
    """The filter as sent, and the period it asks for; nonsense counts as not sent."""
    form = DashboardFilter(request.GET or {"days": "90"}, facilities=facilities_of(request.user))
    form.is_valid()
    values = form.cleaned_data
    now = timezone.now()
    period = Period(
        user=request.user,
        now=now,
        since=now.date() - timedelta(days=int(values.get("days") or 90)),
        facility=values.get("facility"),
        line_of_business=values.get("line_of_business") or "",
    )
    return form, period


@permit(Permission.READ_DASHBOARD)
def payer_dashboard(request: HttpRequest) -> HttpResponse:
    """What waits, what is late, what is at risk: by payer and line of business."""
    form, period = asked_period(request)
    rows = dashboards.payer_rows(period)
    total = dashboards.totals(rows)
    lines = dict(LineOfBusiness.choices)
    kept = request.GET.urlencode()
    context = {
        "form": form,
        "period": period,
        "figures": FIGURES,
        "stats": [stat(figure, total[figure.key], kept) for figure in FIGURES],
        "rows": [shown_row(row, lines, kept) for row in rows],
        "chart": trend(dashboards.weeks(period)),
    }
    return render(request, "authorizations/payer_dashboard.html", context)


def stat(figure: Figure, value: Any, kept: str) -> dict[str, Any]:
    return {
        "label": figure.label,
        "figure": in_figures(figure, value),
        "definition": figure.definition,
        "href": f"{figure.key}/?{kept}",
        "tone": figure.tone if value else "",
    }


def in_figures(figure: Figure, value: Any) -> str:
    return f"${value:,.0f}" if figure.is_money else f"{value}"


def shown_row(row: dashboards.PayerRow, lines: dict[str, str], kept: str) -> dict[str, Any]:
    payer = row.payer_id or "none"
    query = f"payer={payer}&lob={row.line_of_business}&{kept}"
    return {
        "payer": row.payer,
        "line_of_business": lines.get(row.line_of_business, "–"),
        "turnaround": row.turnaround,
        "slowest": row.slowest,
        "on_time": row.on_time,
        "cells": [
            {
                "figure": in_figures(figure, row.cells.get(figure.key, 0)),
                "is_none": not row.cells.get(figure.key),
                "tone": figure.tone if row.cells.get(figure.key) else "",
                "href": f"{figure.key}/?{query}",
            }
            for figure in FIGURES
        ],
    }


WIDTH, HEIGHT, LEFT, TOP, BASE = 560, 200, 36, 16, 164


def trend(weeks: list[dashboards.Week]) -> dict[str, Any]:
    """Decisions and denials by week as geometry of a line chart."""
    top = max([week.decided for week in weeks] + [4])
    top += top % 2
    step = (WIDTH - LEFT - 16) / max(len(weeks) - 1, 1)
    xs = [LEFT + step * n for n in range(len(weeks))]

    def y(value: float) -> float:
        return round(BASE - (BASE - TOP) * value / top, 1)

    def series(label: str, values: list[int]) -> dict[str, Any]:
        dots = [
            {"x": round(x, 1), "y": y(v), "title": f"{week.starts:%-d %b}: {v} {label.lower()}"}
            for x, v, week in zip(xs, values, weeks, strict=True)
        ]
        points = " ".join(f"{dot['x']},{dot['y']}" for dot in dots)
        return {"label": label, "points": points, "dots": dots}

    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - 16,
        "base": BASE,
        "x_ticks": [
            {"x": round(x, 1), "label": f"{week.starts:%-d %b}"}
            for x, week in list(zip(xs, weeks, strict=True))[::3]
        ],
        "y_ticks": [{"y": y(n), "label": f"{n:g}"} for n in (0, top / 2, top)],
        "series": [
            series("Decided", [week.decided for week in weeks]),
            series("Denied", [week.denied for week in weeks]),
        ],
        "columns": ["Week of", "Decided", "Denied"],
        "rows": [[f"{w.starts:%-d %b %Y}", w.decided, w.denied] for w in weeks],
    }


@permit(Permission.READ_DASHBOARD)
def payer_dashboard_rows(request: HttpRequest, figure: str) -> HttpResponse:
    """The exact rows behind a figure."""
    found = dashboards.BY_KEY.get(figure)
    if found is None:
        raise Http404
    _, period = asked_period(request)
    payer = request.GET.get("payer", "")
    line = request.GET.get("lob", "")
    rows = dashboards.rows_behind(found, period, payer, line)
    table = TABLES[found.noun](rows.select_related(*RELATED[found.noun]))
    table.now, table.is_plain = timezone.now(), True
    table.tones = authorization_page.TONES if found.noun == "authorization" else STATUS_TONES
    table.verdict_tones = TONES
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    record_access(request, rows=len(table.page.object_list))
    context = {
        "figure": found,
        "table": table,
        "payer": Payer.objects.filter(pk=payer).first() if payer.isdigit() else None,
        "line_of_business": dict(LineOfBusiness.choices).get(line, ""),
    }
    return render(request, "authorizations/payer_dashboard_rows.html", context)

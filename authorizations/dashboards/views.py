"""The payer dashboard, and the rows behind each of its figures."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django_tables2 import RequestConfig

from accounts.access_log import record_access
from accounts.models import Facility
from accounts.past import clock
from accounts.permissions import permit
from accounts.readers import read_row_number
from accounts.roles import Permission
from accounts.scoping import facilities_of
from accounts.web.query_values import NotKnownHere, asked_choice, sentences_of, unknown
from authorizations import dashboards
from authorizations.charges.tables import ChargeTable
from authorizations.dashboards import Breakdown, Figure, Period
from authorizations.dashboards import page as dashboard_page
from authorizations.dashboards import rowsets as bases
from authorizations.dashboards.breakdown import REST
from authorizations.dashboards.exports import of_dashboard
from authorizations.dashboards.tables import (
    AnswerFigureTable,
    CourseFigureTable,
    LineFigureTable,
    RequestFigureTable,
)
from authorizations.models import AuthorizationStatus, LineDecision
from authorizations.prior_authorizations import page as authorization_page
from authorizations.verdicts.status import STATUS_TONES, TONES
from authorizations.web.download_response import asked_kind, download, table_file
from authorizations.web.widgets import CalendarInput
from payers.lines_of_business import LINES
from payers.models import Issuer, LineOfBusiness, Payer

DAYS = (("", "–"), ("30", "30 days"), ("90", "90 days"), ("365", "a year"))
LONGEST = timedelta(days=366 * 3)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
WITHIN = (MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY))
RELATED = {
    "authorization": ("course__patient", "facility", "plan__payer"),
    "charge": ("session__course__patient", "plan__payer", "facility"),
    "line": ("authorization__course__patient", "authorization__plan__payer"),
    "course": ("patient",),
}
TABLES = {
    "authorization": RequestFigureTable,
    "charge": ChargeTable,
    "line": LineFigureTable,
    "course": CourseFigureTable,
}


class DashboardFilter(forms.Form):
    """Which days, where, for which line of business and issuer."""

    days = forms.ChoiceField(choices=DAYS, required=False, label="The last")
    since = forms.DateField(
        required=False, label="or from", widget=CalendarInput(), validators=WITHIN
    )
    until = forms.DateField(required=False, label="to", widget=CalendarInput(), validators=WITHIN)
    facility = forms.ModelChoiceField(Facility.objects.none(), required=False, empty_label="All")
    line_of_business = forms.ChoiceField(
        choices=[("", "All"), *LineOfBusiness.choices], required=False, label="Line of business"
    )

    issuer = forms.ModelChoiceField(
        Issuer.objects.all(), required=False, empty_label="All", to_field_name="key"
    )

    def __init__(self, *args: Any, facilities: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["facility"].queryset = facilities

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        since, until = values.get("since"), values.get("until") or clock.today()
        if since and since > until:
            raise ValidationError({"since": "The period begins after it ends."})
        if since and until - since > LONGEST:
            raise ValidationError({"since": "A period is three years at most."})
        return values


def asked_period(request: HttpRequest) -> tuple[DashboardFilter, Period]:
    """The filter as sent, and the period it asks for: ninety days where it asks for nothing known.

    Pages show nothing then but what is wrong; files and rows are refused by ``check_filter``.
    """
    mine = facilities_of(request.user, Permission.READ_DASHBOARD)
    form = DashboardFilter(request.GET or {"days": "90"}, facilities=mine)
    form.is_valid()
    values, now = form.cleaned_data, clock.now()
    end = values.get("until") or clock.today()
    length = timedelta(days=int(values.get("days") or 90) - 1)
    period = Period(
        user=request.user,
        now=now,
        since=values.get("since") or end - length,
        until=end,
        facility=values.get("facility"),
        line_of_business=values.get("line_of_business") or "",
        issuer=values.get("issuer"),
    )
    return form, period


def check_filter(form: DashboardFilter) -> None:
    """Raise NotKnownHere where an address asks for nothing known."""
    if form.errors:
        raise NotKnownHere(*sentences_of(form))


@permit(Permission.READ_DASHBOARD)
def payer_dashboard(request: HttpRequest) -> HttpResponse:
    """What waits, what is late, what is at risk: by payer and line of business."""
    form, period = asked_period(request)
    if asked_kind(request):
        check_filter(form)
        return table_file(
            request, of_dashboard(dashboard_page.dashboard_context(period)), "dashboard"
        )
    if form.errors:
        return show_filter_alone(request, form, "Payer dashboard", "dashboard")
    shown = dashboard_page.dashboard_context(period)
    context = {"form": form, **shown}
    return render(request, "authorizations/dashboards/payer_dashboard.html", context)


@permit(Permission.READ_DASHBOARD)
def payer_dashboard_rows(request: HttpRequest, figure: str) -> HttpResponse:
    """The exact rows behind a figure, or behind what it is a part of."""
    found = dashboards.BY_KEY.get(figure)
    if found is None:
        raise Http404
    form, period = asked_period(request)
    check_filter(form)
    payer = request.GET.get("payer", "")
    named = named_payer(payer)
    line = asked_choice(request.GET.get("lob"), LINES, "Line of business")
    parts = parts_asked(request, found)
    is_whole = asked_choice(request.GET.get("of"), ("all",), "Side of the figure") == "all"
    part = asked_part(request, parts)
    if parts:
        rows = dashboards.rows_of_part(parts, period, part, payer, line)
    else:
        rows = dashboards.rows_behind(found, period, payer, line, is_whole=is_whole)
    if asked_kind(request):
        return download(request, rows, table_of(found), f"figure-{found.key}")
    table = listed(request, found, rows, period)
    context = {
        "figure": found,
        "table": table,
        "payer": named or ("No coverage" if payer == "none" else None),
        "line_of_business": LINES.get(line or period.line_of_business, ""),
        "parts": parts,
        "part": named_part(parts, part, rows) if parts else "",
        **dashboard_page.proof(found, period, payer, line, is_whole=is_whole, is_part=bool(parts)),
    }
    return render(request, "authorizations/dashboards/payer_dashboard_rows.html", context)


def named_payer(text: str) -> Payer | None:
    """The payer an address names; None where it names none. Raises NotKnownHere."""
    found = Payer.objects.filter(pk=read_row_number(text)).first()
    if found is None and text not in ("", "none"):
        raise NotKnownHere(unknown("Payer", text))
    return found


def show_filter_alone(
    request: HttpRequest, form: DashboardFilter, heading: str, frame: str
) -> HttpResponse:
    """The filter and what is wrong with it, and no figure: none would be what was asked for."""
    context = {"form": form, "heading": heading, "frame": frame, "sentences": sentences_of(form)}
    return render(request, "authorizations/dashboards/figures_not_known.html", context)


def table_of(figure: Figure) -> type:
    """The table of the figure's rows; first answers have more to say than a request."""
    if figure.base is bases.ANSWERS:
        return AnswerFigureTable
    return TABLES[figure.noun]


def named_part(parts: Breakdown, key: str, rows: QuerySet) -> str:
    """The part as people call it; the small ones together are the others."""
    if key == REST and not parts.order:
        return "the others"
    first = rows.values_list("part_name", flat=True).first()
    return parts.name(first) if first is not None else ""


def parts_asked(request: HttpRequest, figure: Figure) -> Breakdown | None:
    """The division of this figure that the address names. Raises NotKnownHere."""
    mine = {key: p for key, p in dashboards.PARTS_BY_KEY.items() if p.figure is figure}
    return mine.get(asked_choice(request.GET.get("by"), mine, "Division"))


def asked_part(request: HttpRequest, parts: Breakdown | None) -> str:
    """The part of a division that the address names; without one there are no parts."""
    part = request.GET.get("part", "")
    if part and parts is None:
        raise NotKnownHere(unknown("Part", part))
    return part


def listed(request: HttpRequest, figure: Figure, rows: QuerySet, period: Period) -> Any:
    """Fifty rows of the figure's table; that they were read is recorded."""
    table = table_of(figure)(rows.select_related(*RELATED[figure.noun]))
    table.now, table.is_plain, table.is_downloadable = period.now, True, True
    is_request = figure.noun == "authorization"
    table.tones = authorization_page.TONES if is_request else STATUS_TONES
    table.verdict_tones, table.answers = TONES, dict(AuthorizationStatus.choices)
    table.decisions = dict(LineDecision.choices)
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    record_access(request, rows=len(table.page.object_list))
    return table

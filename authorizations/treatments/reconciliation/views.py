"""Reconciliation: whether a facility's day is accounted for, and who mends what is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access_log import record_access
from accounts.exports.response import asked_kind, table_file
from accounts.models import Facility
from accounts.past import clock
from accounts.permissions import permit, require
from accounts.roles import Permission, has_permission
from accounts.scoping import facilities_of
from accounts.web.query_values import asked_date
from accounts.web.text import one_line
from authorizations.exceptions import NotRecorded
from authorizations.models import GapKind
from authorizations.treatments import exports
from authorizations.treatments.day_sheet_actions import settle_gap, take_gap
from authorizations.treatments.day_sheet_rows import chosen_facility
from authorizations.treatments.reconciliation import Account, account_of
from authorizations.treatments.reconciliation.gaps import Gap

P = Permission
MENDERS = (P.RECORD_SESSIONS, P.REVIEW_IMAGES, P.REVIEW_CHARGES)
EXPLAINERS = (P.RECORD_SESSIONS, P.REVIEW_CHARGES)


@dataclass(frozen=True)
class Asked:
    """The facility and day of the address."""

    facility: Facility
    facilities: list[Facility]
    on: date
    today: date

    def url(self, **changes: str) -> str:
        asked = {"facility": self.facility.code, "date": self.on.isoformat(), **changes}
        return f"{reverse('reconciliation')}?{urlencode(asked)}"


def asked_day(request: HttpRequest) -> Asked | None:
    """The first facility and today where none is named. Raises Http404 and NotKnownHere."""
    facilities = list(facilities_of(request.user, P.READ_CASES).filter(is_active=True))
    facility = chosen_facility(request.GET.get("facility", ""), facilities)
    if facility is None:
        return None
    today = clock.now().astimezone(facility.tz).date()
    return Asked(facility, facilities, asked_date(request.GET.get("date", ""), today), today)


@permit(P.READ_CASES)
def reconciliation(request: HttpRequest) -> HttpResponse:
    """One day: scheduled, recorded, imported, reviewed, charged; every gap with its owner."""
    asked = asked_day(request)
    if asked is None:
        return render(request, "authorizations/treatments/reconciliation.html", {"asked": None})
    account = account_of(asked.facility, asked.on, asked.today)
    if asked_kind(request):
        about = f"reconciliation-{asked.facility.code}".lower()
        return table_file(request, exports.reconciliation_tables(account), about, on=asked.on)
    record_access(request, rows=len(account.rows))
    context = {
        "asked": asked,
        "account": account,
        "gaps": shown_gaps(request, asked, account),
        "explainable": any(gap.may_be_explained for gap in account.open),
        "by_hand": [g for g in account.open if g.kind == GapKind.BY_HAND],
        "strip": [(day, asked.url(date=day.on.isoformat())) for day in account.strip],
        "sheet_url": asked_sheet_url(asked),
        "previous_url": asked.url(date=(asked.on - timedelta(days=1)).isoformat()),
        "next_url": asked.url(date=(asked.on + timedelta(days=1)).isoformat()),
        "may_mend": any(has_permission(request.user, p, asked.facility) for p in MENDERS),
        "may_explain": any(has_permission(request.user, p, asked.facility) for p in EXPLAINERS),
    }
    return render(request, "authorizations/treatments/reconciliation.html", context)


def shown_gaps(request: HttpRequest, asked: Asked, account: Account) -> list[tuple[Gap, str]]:
    """Each open gap with the page on which it is mended."""
    may_review = has_permission(request.user, P.REVIEW_IMAGES, asked.facility)
    importers = (P.IMPORT, P.REVIEW_CHARGES)
    may_import = any(has_permission(request.user, p, asked.facility) for p in importers)
    return [(gap, mended_at(gap, asked, may_review, may_import)) for gap in account.open]


def mended_at(gap: Gap, asked: Asked, may_review: bool, may_import: bool) -> str:
    if gap.session is None:
        return f"{asked_sheet_url(asked)}#row-{gap.row_key}"
    if gap.kind == GapKind.NOT_REVIEWED and may_review:
        return f"{reverse('image_review_list')}#session-{gap.session.pk}"
    if gap.kind == GapKind.CONFLICT and may_import:
        return reverse("conflict_list")
    return reverse("session_detail", args=[gap.session.pk])


def asked_sheet_url(asked: Asked) -> str:
    """The day sheet of that day."""
    query = urlencode({"facility": asked.facility.code, "date": asked.on.isoformat()})
    return f"{reverse('day_sheet')}?{query}"


def found_gaps(request: HttpRequest, asked: Asked, field: str) -> list[Gap]:
    """The open gaps that were chosen; what is no longer open is left out."""
    account = account_of(asked.facility, asked.on, asked.today)
    chosen = set(request.POST.getlist(field))
    return [gap for gap in account.open if f"{gap.kind.value} {gap.subject}" in chosen]


@require_POST
@permit(*MENDERS)
def reconciliation_take(request: HttpRequest) -> HttpResponse:
    """I answer for this gap, or no longer."""
    asked = asked_day(request)
    require(request, *MENDERS, facility=asked.facility if asked else None)
    for gap in found_gaps(request, asked, "take") if asked else ():
        take_gap(
            facility=asked.facility, on=asked.on, kind=gap.kind, subject=gap.subject,
            by=request.user,
        )  # fmt: skip
    return redirect(asked.url() if asked else reverse("reconciliation"))


@require_POST
@permit(*EXPLAINERS)
def reconciliation_settle(request: HttpRequest) -> HttpResponse:
    """Confirm hand entries, or say why a double may stand."""
    asked = asked_day(request)
    require(request, *EXPLAINERS, facility=asked.facility if asked else None)
    gaps = [g for g in found_gaps(request, asked, "gap") if g.may_be_explained] if asked else []
    reason = one_line(request.POST.get("reason", ""), 200)
    try:
        for gap in gaps:
            settle_gap(
                facility=asked.facility, on=asked.on, kind=gap.kind, subject=gap.subject,
                reason=reason, by=request.user,
            )  # fmt: skip
    except NotRecorded as refusal:
        messages.error(request, str(refusal))
    else:
        report_explained_gaps(request, len(gaps), len(set(request.POST.getlist("gap"))))
    return redirect(asked.url() if asked else reverse("reconciliation"))


def report_explained_gaps(request: HttpRequest, count: int, ticked: int) -> None:
    if count:
        rows = "1 row" if count == 1 else f"{count} rows"
        messages.success(request, f"{rows} settled, with your name and reason.")
    if not ticked:
        messages.info(request, "Nothing was ticked.")
    elif ticked > count:
        rows = "1 ticked row is" if ticked - count == 1 else f"{ticked - count} ticked rows are"
        messages.warning(request, f"{rows} not open any more: somebody mended or settled it.")

"""Payers and their policies as of a day."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from accounts.exports.response import asked_kind, table_file
from accounts.past import clock as page_clock
from accounts.permissions import permit
from accounts.roles import Permission, is_permitted_somewhere
from accounts.web.query_values import asked_date
from payers import exports as files
from payers.clocks import decision_deadline
from payers.clocks.plan_notes import promises_of_plan
from payers.models import AuthorizationPolicy, CodingPolicy, LineOfBusiness, Payer, Plan
from payers.published_metrics.views import published_by

OLD_AFTER_DAYS = 180


@permit(Permission.READ_BOOKS)
def payer_list(request: HttpRequest) -> HttpResponse:
    """All payers with their plans and how old our knowledge of them is."""
    today = page_clock.today()
    payers = Payer.objects.prefetch_related(
        "plans", "codingpolicy_rows", "authorizationpolicy_rows"
    )
    rows = [
        {
            "payer": payer,
            "plans": len(payer.plans.all()),
            "policies": len(payer.codingpolicy_rows.all())
            + len(payer.authorizationpolicy_rows.all()),
            "oldest": oldest_days(payer, today),
        }
        for payer in payers
    ]
    if asked_kind(request):
        return table_file(request, files.of_payers(rows))
    return render(request, "payers/payer_list.html", {"rows": rows, "old_after": OLD_AFTER_DAYS})


def oldest_days(payer: Payer, today: date) -> int | None:
    """How long ago the longest unverified policy of a payer was verified."""
    policies = [*payer.codingpolicy_rows.all(), *payer.authorizationpolicy_rows.all()]
    return max(((today - policy.verified_on).days for policy in policies), default=None)


@permit(Permission.READ_BOOKS)
def payer_detail(request: HttpRequest, key: str) -> HttpResponse:
    """What a payer asks on a day: authorization, coding, clocks, filing, each with its source."""
    payer = get_object_or_404(Payer, key=key)
    on = asked_date(request.GET.get("on"))
    plans = list(payer.plans.filter(is_active=True).select_related("issuer"))
    context = {
        "payer": payer,
        "on": on,
        "today": page_clock.today(),
        "plans": plans,
        "authorization": policies_in_force(AuthorizationPolicy, payer, on),
        "coding": policies_in_force(CodingPolicy, payer, on),
        "clocks": clocks_of(plans, on),
        "published": published_by(payer),
        "may_score": is_permitted_somewhere(request.user, Permission.READ_DASHBOARD),
        "may_enter": publishes(plans)
        and is_permitted_somewhere(request.user, Permission.ENTER_METRICS),
    }
    if asked_kind(request):
        return table_file(request, files.of_payer(context), payer.key)
    return render(request, "payers/payer_detail.html", context)


def publishes(plans: list[Plan]) -> bool:
    """Whether a payer reports its own decisions: Medicare itself does not, its insurers do."""
    return any(plan.line_of_business != LineOfBusiness.MEDICARE_FFS for plan in plans)


def policies_in_force(model: type, payer: Payer, on: date) -> Any:
    """The policies of a payer in force that day, the narrowest first."""
    rows = model.objects.in_force(on).filter(payer=payer).select_related("payer", "issuer", "plan")
    return sorted(rows, key=lambda row: (getattr(row, "topic", ""), row.breadth, row.pk))


class PlanOfKind(NamedTuple):
    """A kind of plan: what its clocks ask for."""

    line_of_business: str
    state: str


def clocks_of(plans: list[Plan], on: date) -> list[dict[str, Any]]:
    """The decision clock of each kind of plan the payer has, for a request received that day."""
    noon = datetime.combine(on, time(12), tzinfo=timezone.get_current_timezone())
    kinds = dict.fromkeys((plan.line_of_business, plan.state) for plan in plans)
    names = dict(LineOfBusiness.choices)
    return [
        {
            "line_of_business": names[line],
            "state": state,
            "standard": clock(line, state, "standard", noon),
            "expedited": clock(line, state, "expedited", noon),
            "notes": promises_of_plan(PlanOfKind(line, state), on),
        }
        for line, state in kinds
    ]


def clock(line: str, state: str, urgency: str, noon: datetime) -> Any:
    return decision_deadline(
        line_of_business=line,
        state=state,
        urgency=urgency,
        received_at=noon,
        time_zone=timezone.get_current_timezone_name(),
    )

"""What our own cases add to the code page: charges, holds and dollars of a code."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from accounts.exports.column import ExportColumn
from accounts.exports.response import Tables
from accounts.models import Facility, User, system_user
from accounts.proposals import AFTER_BOOK_ROW
from accounts.roles import Permission, is_permitted_somewhere
from authorizations.models import Charge, ChargeStatus
from authorizations.verdicts.policy_impact import bring_in_step, impact_of
from authorizations.verdicts.rejudge import enqueue, start, touched_by, work_off
from coding.extension_points import HOOKS, Panel
from coding.rules import by_number
from payers.extension_points import HOOKS as POLICY_HOOKS
from payers.models import Plan

PAYER_MIX = (
    ExportColumn("payer", "payer"),
    ExportColumn("charges", "count"),
    ExportColumn("expected", "dollars"),
)


def our_figures(code: str, on: date, user: User) -> dict[str, Any]:
    """How often we charged the code, how it stands, and what holds it; nothing for outsiders."""
    if not is_permitted_somewhere(user, Permission.READ_DASHBOARD):
        return {}
    rows = Charge.objects.for_user(user, Permission.READ_DASHBOARD).filter(code=code)
    by_status = rows.values("status").annotate(count=Count("pk"), dollars=Sum("amount"))
    names = dict(ChargeStatus.choices)
    held = rows.filter(status=ChargeStatus.HELD).exclude(leading_rule="")
    return {
        "code": code,
        "standings": [
            {**row, "label": names[row["status"]]} for row in by_status.order_by("status")
        ],
        "mix": payer_mix(rows),
        "threats": threats(held),
        "held": held.values("leading_rule").annotate(count=Count("pk")).order_by("-count")[:8],
    }


def mix_table(code: str, on: date, user: User) -> Tables:
    """The payer mix as a file."""
    shown = our_figures(code, on, user)
    return {"payer-mix": (PAYER_MIX, shown["mix"])} if shown else {}


def payer_mix(rows: QuerySet[Charge]) -> list[dict[str, Any]]:
    """Which payers our charges of the code went to, the most common first."""
    found = rows.exclude(status=ChargeStatus.VOID).values("plan__payer__name")
    counted = list(found.annotate(count=Count("pk"), dollars=Sum("amount")).order_by("-count"))
    total = sum(row["count"] for row in counted)
    return [
        {**row, "payer": row["plan__payer__name"] or "No coverage", "share": row["count"] / total}
        for row in counted
    ]


def threats(held: QuerySet[Charge]) -> list[tuple[str, int]]:
    """How the held charges would be denied if they went as they are, the commonest first."""
    found: Counter[str] = Counter()
    for row in held.values("leading_rule").annotate(count=Count("pk")):
        for code in by_number(row["leading_rule"])[-1].likely_denial[:1]:
            found[code] += row["count"]
    return found.most_common(8)


def register_extensions() -> None:
    """Tell the code pages that cases can answer."""
    HOOKS.panels.append(
        Panel(
            "authorizations/charges/_code_figures.html",
            our_figures,
            "ours",
            "Our own charges",
            mix_table,
        )
    )
    HOOKS.after_import = rejudge_codes
    POLICY_HOOKS.impact, POLICY_HOOKS.apply = impact_of, bring_in_step
    AFTER_BOOK_ROW[Plan._meta.label_lower] = judge_plan_again
    AFTER_BOOK_ROW[Facility._meta.label_lower] = judge_facility_again


def judge_plan_again(plan: Plan, by: User) -> None:
    """After a plan got another payer, line of business or state."""
    courses = touched_by(Plan.objects.filter(pk=plan.pk))
    start(enqueue(cause=f"Plan changed: {plan}", courses=courses, by=by))


def judge_facility_again(facility: Facility, by: User) -> None:
    """After a facility got another place of service, state or time zone."""
    courses = touched_by().filter(Q(facility=facility) | Q(sessions__facility=facility))
    start(enqueue(cause=f"Facility changed: {facility}", courses=courses, by=by))


def rejudge_codes(cause: str, codes: list[str], since: date) -> str:
    """After an import of published values: judge the charges of these codes again."""
    ours = set(Charge.objects.live().values_list("code", flat=True)) & set(codes)
    run = enqueue(cause=cause, courses=touched_by(codes=ours, since=since), by=system_user())
    run = work_off(run)
    return f"{run.total} courses judged again: {run.changed} changed, {run.flagged} marked."

"""Looking up a code on a day, reading the rulebook, and trying the rules."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.exports.response import asked_kind, table_file
from accounts.permissions import permit
from accounts.roles import Permission
from accounts.web.query_values import asked_date
from accounts.web.text import one_line
from coding import code_page, contradictions
from coding import exports as files
from coding.denials import DENIALS
from coding.extension_points import HOOKS
from coding.forms import Situation
from coding.models import Modifier, ProcedureCode
from coding.rules import (
    RULEBOOK_VERSION,
    SUBJECTS,
    Finding,
    Rule,
    Verdict,
    all_rules,
    by_number,
    in_force,
    review,
)
from coding.rules.examples import examples_of
from coding.rules.printing import ORDER

SEVERITY_TONES = {"STOP": "bad", "HOLD": "warn", "WARN": "info", "NOTE": "neutral"}


@permit(Permission.READ_BOOKS)
def code_list(request: HttpRequest) -> HttpResponse:
    """The codes of the book on a day, by kind, with a search."""
    on = asked_date(request.GET.get("on"))
    text = one_line(request.GET.get("text", ""), 60)
    rows = ProcedureCode.objects.prefetch_related("editions")
    if text:
        rows = rows.filter(Q(code__istartswith=text) | Q(short_description__icontains=text))
    codes = [(code, edition_on(code, on)) for code in rows]
    if asked_kind(request):
        return table_file(request, files.of_codes(codes))
    context = {"codes": codes, "on": on, "text": text, "questions": HOOKS.questions}
    return render(request, "coding/code_list.html", context)


def edition_on(code: ProcedureCode, on: Any) -> Any:
    """The edition of that day, from the editions already fetched."""
    return next(
        (
            edition
            for edition in code.editions.all()
            if edition.effective_from <= on
            and (edition.effective_through is None or on <= edition.effective_through)
        ),
        None,
    )


@permit(Permission.READ_BOOKS)
def code_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Everything about a code on a day, or on two days side by side."""
    row = get_object_or_404(ProcedureCode, code=code.upper())
    on = asked_date(request.GET.get("on"))
    page = code_page.page_of(row, on)
    beside = request.GET.get("beside")
    other = code_page.page_of(row, asked_date(beside, on)) if beside else None
    rules = code_page.rules_about(row.code, on)
    context = {
        "code": row,
        "page": page,
        "on": on,
        "other": other,
        "differences": code_page.compare(page, other) if other else [],
        "editions": row.editions.order_by("effective_from"),
        "modifiers": Modifier.objects.all() if row.kind == ProcedureCode.Kind.GUIDANCE else [],
        "rules": [shown_rule(rule) for rule in rules],
        "contradictions": contradictions.about(row.code),
        "mending": DENIALS if row.kind == ProcedureCode.Kind.GUIDANCE else (),
        "denials": [
            (key, [shown_rule(r) for r in found]) for key, found in code_page.denials(rules)
        ],
        "questions": HOOKS.questions,
        "panels": [
            (panel.template, panel.context(row.code, on, request.user)) for panel in HOOKS.panels
        ],
    }
    if asked_kind(request):
        return table_file(request, files.of_code(context, request.user), row.code)
    return render(request, "coding/code_detail.html", context)


def shown_rule(rule: Rule) -> dict[str, Any]:
    """A rule as pages show it."""
    return {
        "number": rule.number,
        "title": rule.title,
        "severity": rule.severity.name,
        "tone": SEVERITY_TONES[rule.severity.name],
        "citation": rule.citation,
        "url": rule.source_url,
        "confidence": rule.confidence,
        "likely_denial": ", ".join(rule.likely_denial),
        "subject": rule.subject,
        "heading": ORDER[rule.subject],
        "effective_from": rule.effective_from if rule.effective_from.year > 2000 else None,
        "effective_through": rule.effective_through,
        "is_provisional": rule.is_provisional,
    }


@permit(Permission.READ_BOOKS)
def rulebook(request: HttpRequest) -> HttpResponse:
    """The rules in force on a day, by subject, with a search."""
    on = asked_date(request.GET.get("on"))
    text = one_line(request.GET.get("text", ""), 60).casefold()
    rules = [shown_rule(rule) for rule in in_force(on)]
    if text:
        rules = [
            rule
            for rule in rules
            if text in f"{rule['number']} {rule['title']} {rule['likely_denial']}".casefold()
        ]
    subjects = [(module.__name__.rsplit(".", 1)[-1], module.__doc__) for module in SUBJECTS]
    groups = [
        (ORDER[name], (doc or "").strip(), [rule for rule in rules if rule["subject"] == name])
        for name, doc in subjects
    ]
    if asked_kind(request):
        return table_file(request, files.of_rules(groups))
    context = {
        "groups": [group for group in groups if group[2]],
        "on": on,
        "text": request.GET.get("text", ""),
        "count": len(rules),
        "total": len(all_rules()),
        "version": RULEBOOK_VERSION,
        "questions": HOOKS.questions,
    }
    return render(request, "coding/rulebook.html", context)


@permit(Permission.READ_BOOKS)
def rule_detail(request: HttpRequest, number: str) -> HttpResponse:
    """One rule: what it says, since when, who says so."""
    found = by_number(number.upper())
    if not found:
        raise Http404
    examples = examples_of(number.upper())
    if asked_kind(request):
        return table_file(request, files.of_rule(number.upper(), examples), number.upper())
    context = {
        "number": number.upper(),
        "editions": [shown_rule(rule) for rule in found],
        "examples": examples,
    }
    return render(request, "coding/rule_detail.html", context)


@permit(Permission.READ_BOOKS)
def try_rules(request: HttpRequest) -> HttpResponse:
    """Facts typed by hand, judged; and the same facts with one answer changed beside them."""
    today = asked_date(None)
    form = Situation(request.POST or None, initial={"date_of_service": today})
    context: dict[str, Any] = {"form": form, "version": RULEBOOK_VERSION}
    if request.method == "POST" and form.is_valid():
        verdict = review(form.facts())
        changes = asked_changes(request)
        context |= {"verdict": verdict, "findings": [shown_finding(f) for f in verdict.findings]}
        if changes:
            other = review(form.facts(**changes))
            context |= {
                "other": other,
                "other_findings": [shown_finding(f) for f in other.findings],
                "changes": ", ".join(f"{k.replace('_', ' ')} {v}" for k, v in changes.items()),
                "difference": difference(verdict, other),
            }
    return render(request, "coding/try_rules.html", context)


def asked_changes(request: HttpRequest) -> dict[str, Any]:
    """What the second look changes: another day, plan or setting."""
    changes: dict[str, Any] = {}
    if request.POST.get("other_date"):
        changes["date_of_service"] = asked_date(request.POST["other_date"])
    for name, field in (("other_plan", "plan"), ("other_place", "place_of_service")):
        if request.POST.get(name):
            changes[field] = request.POST[name]
    return changes


def difference(first: Verdict, second: Verdict) -> str:
    """What made the difference, in one sentence."""
    only_first = sorted(set(first.numbers) - set(second.numbers))
    only_second = sorted(set(second.numbers) - set(first.numbers))
    if not only_first and not only_second:
        return "No rule answers differently."
    parts = []
    if only_first:
        parts.append(f"only the first: {', '.join(only_first)}")
    if only_second:
        parts.append(f"only the second: {', '.join(only_second)}")
    return f"{first.disposition} and {second.disposition}; " + "; ".join(parts) + "."


def shown_finding(finding: Finding) -> dict[str, Any]:
    return {
        "number": finding.number,
        "severity": finding.severity.name,
        "sentence": finding.sentence,
        "citation": finding.citation,
        "confidence": finding.confidence,
        "correction": finding.correction.note if finding.correction else "",
        "likely_denial": ", ".join(finding.likely_denial),
        "href": f"/codes/rules/{finding.number}/",
    }

"""The payer's letter: written down, and mended where it was typed in wrongly."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.past import clock
from accounts.permissions import permit, signed_in_person
from accounts.roles import Permission as P
from authorizations.exceptions import Refused
from authorizations.models import PriorAuthorization, released_units
from authorizations.prior_authorizations import page
from authorizations.prior_authorizations.decision_forms import (
    CorrectedDecision,
    Decision,
    LineDecisionForm,
)
from authorizations.prior_authorizations.decisions import (
    AlreadyWritten,
    LineAnswer,
    correct_answer,
    decide,
)
from authorizations.prior_authorizations.documents import attach_letter
from authorizations.prior_authorizations.undoing import undo
from authorizations.prior_authorizations.views import (
    get_authorization_or_404,
    may,
    show_authorization,
)
from authorizations.web.reason_form import OptionalReason
from authorizations.workflow import IllegalMove


@permit(P.LOG_AUTHORIZATIONS)
def authorization_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the payer's letter down, line by line."""
    authorization = get_authorization_or_404(request, pk)
    form = Decision(
        request.POST or None,
        request.FILES or None,
        authorization=authorization,
        initial={"decided_on": clock.today(), "number": authorization.number},
    )
    return letter(request, authorization, form, decide)


@permit(P.LOG_AUTHORIZATIONS)
def authorization_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend a letter that was typed in wrongly, beginning with what stands."""
    authorization = get_authorization_or_404(request, pk)
    names = ("decided_on", "number", "number_to_follow", "evidence")
    initial = {name: getattr(authorization, name) for name in names}
    form = CorrectedDecision(
        request.POST or None,
        request.FILES or None,
        authorization=authorization,
        initial={**initial, "reason": authorization.denial_reason},
    )
    return letter(request, authorization, form, correct_answer)


@require_POST
@permit(P.LOG_AUTHORIZATIONS)
def authorization_undo(request: HttpRequest, pk: int, event: int) -> HttpResponse:
    """Take the latest move back: a slip of the last ten minutes at once, else with a reason."""
    authorization = get_authorization_or_404(request, pk)
    may(request, authorization, P.LOG_AUTHORIZATIONS)
    form = OptionalReason(request.POST)
    form.full_clean()
    reason = form.cleaned_data.get("reason", "")
    try:
        with transaction.atomic():
            person = signed_in_person(request)
            undo(authorization=authorization, by=person, event=event, reason=reason)
    except (IllegalMove, Refused) as refusal:
        return show_authorization(
            request, authorization, refusal=str(refusal), refused_verb="undo", typed=reason
        )
    messages.success(request, "Undone: everything is as it was before. Both moves stay in history.")
    return redirect("authorization_detail", pk=pk)


def letter(
    request: HttpRequest, authorization: PriorAuthorization, form: Decision, action: Any
) -> HttpResponse:
    """The form of a letter with its lines; what it says is written down once it is whole."""
    may(request, authorization, P.LOG_AUTHORIZATIONS)
    data, is_mending = request.POST or None, action is correct_answer
    held = released_units(authorization)
    lines = [
        LineDecisionForm(
            data,
            line=line,
            held=held.get(line.pk),
            initial=page.usual_answer(authorization, line),
        )
        for line in authorization.lines.all()
    ]
    is_valid = bool(data) and all([form.is_valid(), *(line.is_valid() for line in lines)])
    gone = lines_gone(data or {}, lines)
    if gone:
        form.add_error(None, f"A line you answered is not of this request any more: {gone[0]}.")
    if is_valid and not gone and write_down(request, authorization, form, lines, action):
        return redirect("authorization_detail", pk=authorization.pk)
    context = {
        "authorization": authorization,
        "course": authorization.course,
        "form": form,
        "lines": lines,
        "is_mending": is_mending,
        "had_file": bool(request.FILES),
    }
    return render(request, "authorizations/prior_authorizations/authorization_decide.html", context)


def lines_gone(data: Mapping[str, Any], lines: list[LineDecisionForm]) -> list[str]:
    """What was typed for lines that somebody has taken off the request meanwhile."""
    shown, typed = {line.prefix for line in lines}, defaultdict(list)
    for name, value in data.items():
        found = re.fullmatch(r"(line-[0-9]+)-[a-z_]+", name, re.ASCII)
        if found and found[1] not in shown and value:
            typed[found[1]].append(str(value))
    return [", ".join(words) for words in typed.values()]


def write_down(
    request: HttpRequest,
    authorization: PriorAuthorization,
    form: Decision,
    lines: list[LineDecisionForm],
    action: Any,
) -> bool:
    """Whether the decision could be written; if not, the form says why."""
    answers = [LineAnswer(line.line, **line.cleaned_data) for line in lines]
    given = dict(form.cleaned_data)
    document = given.pop("document")
    try:
        with transaction.atomic():
            if document:
                attach_letter(
                    authorization=authorization,
                    content=document.read(),
                    evidence=given["evidence"],
                    answers=answers,
                    by=request.user,
                )
            action(authorization=authorization, by=request.user, answers=answers, **given)
    except AlreadyWritten as answer:
        messages.info(request, str(answer))
        return True
    except (IllegalMove, Refused) as refusal:
        form.add_error(None, str(refusal))
    except IntegrityError:
        form.add_error(None, "More units are used than this letter approves: look again.")
    else:
        messages.success(request, "The decision is written down; units and charges are current.")
    return not form.errors

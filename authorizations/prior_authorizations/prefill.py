"""What a new request begins with: the usual lines, or what follows another request."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.past import clock
from accounts.readers import read_row_number
from accounts.web.query_values import NotKnownHere, unknown
from authorizations.courses.next_steps import FOLLOW_UPS, FollowUp, follow_up
from authorizations.courses.page import today_at
from authorizations.courses.recoding import recoding, revision_lines
from authorizations.courses.registration import plan_on
from authorizations.courses.units_ahead import outlook
from authorizations.models import Course, PriorAuthorization, RequestType
from authorizations.prior_authorizations.forms import usual_lines

RECODE = "recode"


def prefilled(request: HttpRequest, course: Course) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The values and lines of the form; in the wake of another request its chain is set."""
    kind, followed = asked_to_follow(request, course)
    plan = plan_on(course.patient, max(course.expected_on(clock.today()), clock.today()))
    initial: dict[str, Any] = {"plan": plan, "facility": course.facility}
    if followed is None:
        return initial, usual_lines(course)
    asked = what_follows(kind, course, followed)
    initial |= {
        "request_type": asked.request_type,
        "supersedes": followed,
        "is_second_on_purpose": True,
        "note": asked.note,
    }
    return initial, asked.lines or usual_lines(course)


def asked_to_follow(request: HttpRequest, course: Course) -> tuple[str, PriorAuthorization | None]:
    """The request that the new one follows, as the page before chose, and how."""
    for parameter in (RECODE, *FOLLOW_UPS):
        named = request.GET.get(parameter, "")
        if named:
            number = read_row_number(named)
            if number is None:
                raise NotKnownHere(unknown("Request", named))
            return parameter, get_object_or_404(course.authorizations, pk=number)
    return "", None


def what_follows(kind: str, course: Course, followed: PriorAuthorization) -> FollowUp:
    """The request that follows another: in the codes of today, or what the course lacks."""
    if kind != RECODE:
        return follow_up(kind, outlook(course, today_at(course)))
    found = recoding(followed, clock.today())
    return FollowUp(RequestType.REVISION, revision_lines(found) if found else [])

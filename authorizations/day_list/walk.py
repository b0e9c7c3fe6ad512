"""Next and previous: the place of a case in the list from which it was opened.

The address of a case holds the list and the place in it, no patient; the session keeps both, so
that an action on the case comes back to the same place.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.past import clock
from accounts.permissions import signed_in_person
from accounts.readers import read_row_number
from accounts.roles import Permission, is_permitted_somewhere
from accounts.web.query_values import NotKnownHere
from authorizations.day_list.lists import DONE, DayList, asked_list
from authorizations.day_list.rows import CaseRow, day_rows
from authorizations.models import PriorAuthorization, Task

KEPT = "walk"
PAGES_OF_REQUESTS = (
    *("authorization_detail", "authorization_submit", "authorization_decide"),
    *("contact_new", "document_new"),
)
PAGES_OF_COURSES = ("course_detail", "authorization_new")


@dataclass(frozen=True)
class Walk:
    """Where a case is in a list, and the addresses of its neighbours."""

    list_name: str
    list_url: str
    place: int
    total: int
    previous_url: str
    next_url: str


def listed_tasks(shown: DayList) -> list[Task]:
    """The tasks of a list with what its rows show of them."""
    rows = shown.tasks().select_related(
        *("assigned_to", "authorization__course__facility", "authorization__plan__payer"),
        *("authorization__facility", "authorization__next_touch_set_by"),
    )
    return list(rows.prefetch_related("authorization__lines"))


def address_in_list(row: CaseRow, shown: DayList) -> str:
    """The page of a case, with its place in the list."""
    return f"{row.url}?{place_in_list(row, shown)}"


def place_in_list(row: CaseRow, shown: DayList) -> str:
    """The list and the place in it, as the query of an address."""
    wanted = {"wanted": shown.wanted} if shown.wanted else {}
    return urlencode({"whose": shown.whose, **wanted, "at": row.at + 1})


def course_of(request: HttpRequest) -> int | None:
    """The course that a page is about; None where it is about none."""
    match = request.resolver_match
    if match is None or match.view_name not in (*PAGES_OF_REQUESTS, *PAGES_OF_COURSES):
        return None
    number: int = match.kwargs["pk"]
    if match.view_name in PAGES_OF_COURSES:
        return number
    rows = PriorAuthorization.objects.filter(pk=number)
    return rows.values_list("course_id", flat=True).first()


def remember_place(request: HttpRequest) -> None:
    """Keep the list and the place from which a page of a case was opened."""
    place = read_row_number(request.GET.get("at"))
    course = course_of(request) if place else None
    if course is None or clock.known_at():
        return
    shown = asked_list(request, clock.now())
    kept = {"whose": shown.whose, "wanted": shown.wanted, "at": place, "course": course}
    if request.session.get(KEPT) != kept:
        request.session[KEPT] = kept


def walk_of(request: HttpRequest) -> Walk | None:
    """The place of the case that this page shows; None where it was not opened from a list."""
    kept = request.session.get(KEPT)
    if not kept or clock.known_at() or kept["course"] != course_of(request):
        return None
    shown = DayList(signed_in_person(request), clock.now(), kept["whose"], kept["wanted"])
    return walk_in(shown, kept["course"], kept["at"])


def walk_in(shown: DayList, course: int | None, place: int) -> Walk | None:
    """The neighbours of a place. A case that left the list leaves its place to the one after it."""
    if shown.whose == DONE:
        return None
    rows = day_rows(listed_tasks(shown), shown.now)
    at = place_now(rows, course, place - 1)
    is_there = at < len(rows) and rows[at].course.pk == course
    after = rows[at + is_there : at + is_there + 1]
    before = rows[at - 1 : at] if at else []
    return Walk(
        list_name=shown.name,
        list_url=shown.url,
        place=at + 1 if is_there else 0,
        total=len(rows),
        previous_url=address_in_list(before[0], shown) if before else "",
        next_url=address_in_list(after[0], shown) if after else "",
    )


def place_now(rows: list[CaseRow], course: int | None, at: int) -> int:
    """Where the walk is: rows that left before the case move it up; a case moved down does not."""
    found = next((row.at for row in rows if row.course.pk == course), None)
    if found is not None and found < at:
        return found
    return min(at, len(rows))


def walk(request: HttpRequest) -> dict[str, object]:
    """The walk as pages see it; looked up only where a page shows it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    if "at" in request.GET and is_permitted_somewhere(user, Permission.LOG_AUTHORIZATIONS):
        with suppress(NotKnownHere):  # a list that is not known is none to go on with
            remember_place(request)
    return {"walk": SimpleLazyObject(lambda: walk_of(request))}

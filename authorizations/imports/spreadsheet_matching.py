"""Which request the rows of a spreadsheet are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.db.models import CharField, Func, Value
from django.db.models.functions import Upper

from authorizations.exchange.department_csv import Row
from authorizations.imports.spreadsheet_changes import comparable_number, compare
from authorizations.models import AuthorizedService, Course, PriorAuthorization
from payers.models import Plan

PLAIN_NUMBER = Func(
    Upper("number"), Value("[^[:alnum:]]"), Value(""), Value("g"),
    function="regexp_replace", output_field=CharField(),
)  # fmt: skip


def existing_request(
    parts: list[list[Row]], course: Course, plan: Plan
) -> PriorAuthorization | None:
    """The request the last part is about: by its number, else by course, plan, day, codes."""
    rows = parts[-1]
    requests = PriorAuthorization.objects.select_related(
        "course__facility", "facility"
    ).prefetch_related("lines")
    number = comparable_number(rows[0]["number"])
    if number:
        numbered = requests.filter(plan=plan).exclude(number="").annotate(plain=PLAIN_NUMBER)
        found = list(numbered.filter(plain=number).order_by("received_on", "pk"))
        if found:
            return matching(parts, found)[-1]
    day = datetime.combine(rows[0]["submitted_on"], time.min, tzinfo=course.facility.tz)
    lines = AuthorizedService.objects.filter(
        authorization__course=course,
        authorization__plan=plan,
        authorization__received_on__gte=day,
        authorization__received_on__lt=day + timedelta(days=1),
    )
    if number:
        lines = lines.filter(authorization__number="")
    codes = {(row["code"], row["modifier"]) for row in rows}
    shared = Counter(
        request
        for request, *line in lines.values_list("authorization_id", "code", "modifier")
        if tuple(line) in codes
    )
    best = max(sorted(shared), key=lambda request: shared[request], default=None)
    return requests.filter(pk=best).first()


def matching(
    parts: Sequence[list[Row]], requests: Sequence[PriorAuthorization]
) -> list[PriorAuthorization | None]:
    """The request each part is about: first those that are alike, then the others in their order.

    A part for which no request is left is new.
    """
    left = list(requests)
    found: list[PriorAuthorization | None] = []
    for rows in parts:
        alike = next((request for request in left if not compare(request, rows)), None)
        if alike is not None:
            left.remove(alike)
        found.append(alike)
    return [request or (left.pop(0) if left else None) for request in found]

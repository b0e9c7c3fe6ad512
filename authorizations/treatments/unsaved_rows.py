"""Rows that were typed on a day sheet and have left it meanwhile: who changed what, and what was
typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.urls import reverse

from accounts.models import Facility, User
from accounts.roles import Permission
from accounts.row_history import people_of, person_of
from accounts.web.text import shown_day
from authorizations.courses.schedule import Slot, previous_sessions
from authorizations.models import Course
from authorizations.treatments.day_sheet_forms import SessionRowForm

FIELD = re.compile(r"row-([0-9]{1,18}-[0-9]{1,4})-[a-z_]+", re.ASCII)
KEY = re.compile(r"([0-9]{1,18})-([0-9]{1,4})", re.ASCII)
# What may take a row off a sheet, in the order in which it is looked for.
Differs = Callable[[Any, Any], bool]


@dataclass(frozen=True)
class LeftRow:
    """A row that is no longer on its sheet: why, what was typed in it, where its course is."""

    key: str
    sentence: str
    typed: dict[str, str]
    course: Course | None = None

    @property
    def values(self) -> list[tuple[str, str]]:
        """What was typed, field by field in words."""
        return [(name.replace("_", " "), text) for name, text in self.typed.items() if text]


def posted_keys(data: Mapping[str, Any]) -> list[str]:
    """The rows that a sent sheet has, in its order."""
    found = (FIELD.fullmatch(name) for name in data)
    return list(dict.fromkeys(match[1] for match in found if match))


def left_forms(
    keys: Collection[str], data: Mapping[str, Any], facility: Facility, on: date, now: datetime
) -> list[SessionRowForm]:
    """The rows that the sheet no longer has, as they were sent, where something was typed."""
    courses = courses_by_number(keys)
    previous = previous_sessions(list(courses.values()), on)
    forms = []
    for key in keys:
        number, nth = (int(part) for part in key.split("-"))
        course = courses.get(number)
        if course is None:
            continue
        earlier = previous.get((number, nth), previous.get((number, 1)))
        sent = str(data.get(f"row-{key}-fraction", ""))
        slot = Slot(course, int(sent) if re.fullmatch("[0-9]{1,3}", sent) else 0, nth,
                    previous=earlier)  # fmt: skip
        form = SessionRowForm(data, slot=slot, facility=facility, on=on, now=now)
        if form.is_touched:
            forms.append(form)
    return forms


def courses_by_number(keys: Collection[str]) -> dict[int, Course]:
    numbers = {int(match[1]) for match in map(KEY.fullmatch, keys) if match}
    return Course.objects.select_related("patient", "facility").in_bulk(numbers)


def left_rows(
    typed: Mapping[str, dict[str, str]], facility: Facility, on: date, user: User
) -> list[LeftRow]:
    """Each row with the sentence why it left, for the person who typed it."""
    courses, seen = courses_by_number(typed), set()
    if courses:
        seen = set(
            Course.objects.for_user(user, Permission.READ_CASES)
            .filter(pk__in=courses)
            .values_list("pk", flat=True)
        )
    rows = []
    for key, values in typed.items():
        found = courses.get(int(key.split("-")[0])) if KEY.fullmatch(key) else None
        if found is None or not was_here(found, facility):
            rows.append(LeftRow(key, "This row is of no course of this facility.", values))
        else:
            course = found if found.pk in seen else None
            rows.append(LeftRow(key, why_left(found, facility, on), values, course))
    return rows


def was_here(course: Course, facility: Facility) -> bool:
    """Whether the course is or was treated here: only then its patient is named on this sheet."""
    here = facility.pk
    return course.facility_id == here or course.history.filter(facility_id=here).exists()


def why_left(course: Course, facility: Facility, on: date) -> str:
    """Who changed what, and when, that the row is not on the sheet any more."""
    patient = course.patient
    states = list(course.history.select_related("pgh_context").order_by("-pgh_id")[:50])
    for differs, words in reasons(course, facility, on):
        change = latest_change(states, differs)
        if change is None:
            continue
        state, person = change
        at = state.pgh_created_at.astimezone(facility.tz)
        return (
            f"{patient} left this sheet on {shown_day(at.date())} at {at:%H:%M}: {person} {words}."
        )
    return f"{patient} is not on this sheet any more: nothing is due in this row."


def reasons(course: Course, facility: Facility, on: date) -> list[tuple[Differs, str]]:
    """What of the course keeps it off the sheet, in words, and how its history shows the change."""
    found: list[tuple[Differs, str]] = []
    if course.facility_id != facility.pk:
        found.append((field_differs("facility_id"), f"moved the course to {course.facility.name}"))
    if course.is_cancelled:
        found.append((field_differs("is_cancelled"), "cancelled the course"))
    elif course.ended_on and course.ended_on < on:
        found.append(
            (field_differs("ended_on"), f"ended the course on {shown_day(course.ended_on)}")
        )
    if course.first_fraction_on is None:
        found.append(
            (field_differs("first_fraction_on"), "took the day of the first treatment away")
        )
    elif course.first_fraction_on > on:
        first = shown_day(course.first_fraction_on)
        found.append((field_differs("first_fraction_on"), f"moved the first treatment to {first}"))
    per_day = course.fractions_per_day
    times = "once" if per_day == 1 else f"{per_day} times"
    weekdays = course.weekdays_shown or "Mon to Fri"
    found.append((field_differs("weekdays"), f"planned it on {weekdays}"))
    planned = course.fractions_planned
    found.append((field_differs("fractions_per_day"), f"planned it {times} a day"))
    found.append((field_differs("fractions_planned"), f"planned {planned} fractions"))
    return found


def field_differs(name: str) -> Differs:
    return lambda before, after: getattr(before, name) != getattr(after, name)


def latest_change(states: Sequence[Any], differs: Differs) -> tuple[Any, str] | None:
    """The last of these states of a course that differs from the one before it, and who changed it;
    the latest state comes first.
    """
    for after, before in pairwise(states):
        if differs(before, after):
            person = people_of([after]).get(person_of(after), "the system")
            return after, person
    return None


def course_url(row: LeftRow) -> str:
    """Where the course of a row is found now, for who may see it."""
    return reverse("course_detail", args=[row.course.pk]) if row.course else ""

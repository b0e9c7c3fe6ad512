"""Filters above the lists. None takes a patient's name or number: it would land in an address."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import F, Q, QuerySet

from accounts.models import Facility
from accounts.past import clock
from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations.models import (
    AuthorizationStatus,
    Course,
    PriorAuthorization,
    Technique,
)
from authorizations.worklists import WORKLISTS, Worklist, worklist
from authorizations.worklists.counts import has_fractions_to_come
from payers.models import LineOfBusiness, Payer


def my_facilities(request: Any) -> QuerySet[Facility]:
    """The facilities of the person who asks."""
    return (
        facilities_of(request.user, Permission.READ_CASES) if request else Facility.objects.none()
    )


def queue_filter(page: str) -> filters.ChoiceFilter:
    """The worklists that open on this page."""
    choices = [(w.key, w.label) for w in WORKLISTS if w.page == page]
    return filters.ChoiceFilter(choices=choices, label="Worklist", empty_label="All")


class QueueFilterSet(filters.FilterSet):
    """A filter set whose ``queue`` is one of the named worklists.

    Where a filter asks for something unknown, no row fits: it never counts as not chosen.
    """

    page = ""

    @property
    def worklist(self) -> Worklist | None:
        """The worklist that is chosen."""
        key = self.form.data.get("queue", "")
        return worklist(key, self.page) if key else None

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Apply the worklist first, then the other filters."""
        if self.form.errors:
            return queryset.none()
        key = self.form.cleaned_data.pop("queue", "")
        queue = worklist(key, self.page) if key else None
        if queue:
            rows = queue.rows(self.request.user, clock.now())
            queryset = self.within(queryset, rows)
        for name, value in self.form.cleaned_data.items():
            queryset = self.filters[name].filter(queryset, value)
        self.form.cleaned_data["queue"] = key
        return queryset

    def within(self, queryset: QuerySet, rows: QuerySet) -> QuerySet:
        """The rows of the list that are in the worklist."""
        return queryset.filter(pk__in=rows.values("pk"))


class CourseFilter(QueueFilterSet):
    """Courses by worklist, facility, payer, technique and whether they go on."""

    page = "course_list"
    queue = queue_filter(page)
    is_open = filters.ChoiceFilter(
        label="Course",
        choices=(("yes", "Under way"), ("no", "Finished")),
        method="by_progress",
        empty_label="All",
    )
    facility = filters.ModelChoiceFilter(queryset=my_facilities, empty_label="All")
    payer = filters.ModelChoiceFilter(
        queryset=Payer.objects.all(), method="by_payer", label="Payer", empty_label="All"
    )
    technique = filters.ChoiceFilter(choices=Technique.choices, empty_label="All")

    class Meta:
        model = Course
        fields: tuple[str, ...] = ()

    def by_progress(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        if value == "yes":
            return queryset.filter(has_fractions_to_come(), ended_on__isnull=True)
        is_whole = Q(fractions_done__gte=F("fractions_planned"))
        return queryset.filter(is_whole | Q(ended_on__isnull=False))

    def by_payer(self, queryset: QuerySet, name: str, value: Payer) -> QuerySet:
        return queryset.filter(patient__coverages__plan__payer=value).distinct()


class AuthorizationFilter(QueueFilterSet):
    """Requests by worklist, standing, payer, line of business and facility."""

    page = "authorization_list"
    queue = queue_filter(page)
    status = filters.ChoiceFilter(choices=AuthorizationStatus.choices, empty_label="All")
    payer = filters.ModelChoiceFilter(
        queryset=Payer.objects.all(), field_name="plan__payer", label="Payer", empty_label="All"
    )
    line_of_business = filters.ChoiceFilter(
        field_name="plan__line_of_business",
        choices=LineOfBusiness.choices,
        empty_label="All",
        label="Line of business",
    )
    facility = filters.ModelChoiceFilter(
        queryset=my_facilities, field_name="course__facility", label="Facility", empty_label="All"
    )

    class Meta:
        model = PriorAuthorization
        fields: tuple[str, ...] = ()

"""Filters of the charge queue: every way to group it, whose work it is, and its standing."""

from __future__ import annotations

import textwrap
from typing import Any

import django_filters as filters
from django.db.models import Exists, F, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from accounts.models import Provider, User
from accounts.past import clock
from accounts.roles import Permission
from accounts.scoping import facilities_of, people_with
from authorizations.charges.queue.groups import BY_KEY, DIMENSIONS, NONE, Dimension
from authorizations.models import OPEN, Charge, ChargeStatus, Course, Disposition, SavedView
from authorizations.worklists.filters import QueueFilterSet, queue_filter
from authorizations.worklists.querysets import CHARGE_READERS
from coding.rules import all_rules
from payers.models import Payer, Plan

ANY = "any"
HIDDEN = filters.widgets.forms.HiddenInput
Choices = list[tuple[str, str]]


def rule_choices() -> Choices:
    seen = {rule.number: rule.title for rule in all_rules()}
    return [
        (number, textwrap.shorten(f"{number} {title}", 56, placeholder="…"))
        for number, title in seen.items()
    ]


def my_courses(request: Any) -> QuerySet[Course]:
    """The courses of which the person who asks may read the charges."""
    mine = Course.objects.for_user(request.user, *CHARGE_READERS) if request else None
    return Course.objects.none() if mine is None else mine


def coders(user: User) -> QuerySet[User]:
    """People who work charges where this person does, or may look on."""
    mine = facilities_of(user, *CHARGE_READERS)
    return people_with(Permission.REVIEW_CHARGES, mine)


class QueueBook:
    """What the filters offer and the groups are called, read in one query."""

    def __init__(self, user: User) -> None:
        self.found: dict[str, list[tuple[str, str, str]]] = {}
        for kind, number, label, more in named(user):
            self.found.setdefault(kind, []).append((str(number), label, more))

    def choices(self, kind: str) -> Choices:
        """Numbers and names, by name."""
        rows = self.found.get(kind, ())
        return sorted(((n, label) for n, label, _ in rows), key=lambda row: row[1].lower())

    def labels(self, dimension: Dimension) -> dict[str, str]:
        """What the groups of a dimension are called."""
        if dimension.key == "rule":
            return dict(rule_choices())
        if dimension.key == "disposition":
            return dict(Disposition.choices)
        return dict(self.choices(dimension.key))

    @property
    def views(self) -> list[tuple[str, str]]:
        """The saved views of the queue: name and query."""
        return sorted((label, more) for _, label, more in self.found.get("view", ()))


def named(user: User) -> QuerySet:
    """Payers, plans, facilities, physicians, coders and saved views as one list of rows."""
    mine = facilities_of(user, *CHARGE_READERS)
    courses = Course.objects.filter(physician=OuterRef("pk"), sessions__facility__in=mine)
    physicians = Provider.objects.filter(Exists(courses))
    person = Concat("first_name", Value(" "), "last_name", output_field=TextField())
    views = SavedView.objects.seen_by(user).filter(page="charge_list")
    return as_rows("payer", Payer.objects.all(), F("name")).union(
        as_rows("plan", Plan.objects.all(), F("code")),
        as_rows("facility", mine, F("name")),
        as_rows("physician", physicians, F("name")),
        as_rows("coder", coders(user), person),
        as_rows("view", views, F("name"), F("query")),
        all=True,
    )


def as_rows(kind: str, rows: QuerySet, label: Any, more: Any = None) -> QuerySet:
    return (
        rows.order_by()
        .annotate(
            row_kind=Value(kind),
            row_label=Cast(label, TextField()),
            row_more=Cast(more or Value(""), TextField()),
        )
        .values_list("row_kind", "pk", "row_label", "row_more")
    )


def group_filter(key: str, **options: Any) -> filters.ChoiceFilter:
    """A filter that opens the groups of one dimension."""
    label = BY_KEY[key].label
    return filters.ChoiceFilter(label=label, method="by_group", empty_label="All", **options)


def band_choices(key: str) -> Choices:
    return [(band.key, band.label) for band in BY_KEY[key].bands]


def day(label: str, lookup: str) -> filters.DateFilter:
    widget = filters.widgets.forms.DateInput(attrs={"type": "date"})
    return filters.DateFilter("date_of_service", lookup, label=label, widget=widget)


class ChargeFilter(QueueFilterSet):
    """Charges by every dimension of the queue; open ones unless a status is chosen."""

    page = "charge_list"
    queue = queue_filter(page)
    status = filters.ChoiceFilter(
        choices=[*ChargeStatus.choices, (ANY, "Any")],
        label="Status",
        method="by_status",
        empty_label="Open",
    )
    rule = group_filter("rule")
    disposition = group_filter("disposition")
    payer = group_filter("payer")
    plan = group_filter("plan")
    facility = group_filter("facility")
    physician = group_filter("physician")
    age = group_filter("age")
    deadline = group_filter("deadline")
    assigned = filters.ChoiceFilter(label="Given to", method="by_assignee", empty_label="Anybody")
    since = day("From", "gte")
    until = day("Through", "lte")
    group = filters.CharFilter(method="unchanged", widget=HIDDEN)
    sort = filters.CharFilter(method="unchanged", widget=HIDDEN)
    course = filters.ModelChoiceFilter(
        field_name="session__course", queryset=my_courses, widget=HIDDEN
    )

    class Meta:
        model = Charge
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, book: QueueBook | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.book = book or QueueBook(self.request.user)
        self.on = clock.today()
        for dimension in DIMENSIONS:
            self.filters[dimension.key].extra["choices"] = self.choices_of(dimension)
        people = [(n, name) for n, name in self.book.choices("coder") if n != str(self.me.pk)]
        self.filters["assigned"].extra["choices"] = [("me", "Me"), ("nobody", "Nobody"), *people]

    @property
    def me(self) -> User:
        return self.request.user

    def choices_of(self, dimension: Dimension) -> Choices:
        named_ones = list(self.book.labels(dimension).items()) or band_choices(dimension.key)
        return [*named_ones, (NONE, dimension.nothing)]

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """A worklist knows its own standings; a standing may be chosen; else only open charges."""
        given = self.form.cleaned_data
        chosen = given.get("queue") or given.get("status")
        return super().filter_queryset(queryset if chosen else queryset.filter(status__in=OPEN))

    def within(self, queryset: QuerySet, rows: QuerySet) -> QuerySet:
        """Worklists of charges are conditions on charges: the indexes of both serve at once."""
        return queryset & rows

    @property
    def is_short(self) -> bool:
        """Whether the view can be counted to the last row at once: open work, or one course."""
        given = self.form.cleaned_data
        is_open = given.get("status") in ("", None, *OPEN)
        return bool(is_open or given.get("queue") or given.get("course"))

    def by_status(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset if value == ANY else queryset.filter(status=value)

    def unchanged(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """The grouping and the order change no row."""
        return queryset

    def by_group(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(BY_KEY[name].where(value, self.on))

    def by_assignee(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        if value == "nobody":
            return queryset.filter(assignment__isnull=True)
        number = self.me.pk if value == "me" else value
        return queryset.filter(assignment__assigned_to=number)

"""Rows that are alike stand in one order: on every page, in the file, and each time."""

from __future__ import annotations

import csv
import io
import re

import django_tables2
import pytest
from django.db.models import F, Value
from django.urls import get_resolver, reverse

from accounts.web.paging import in_stable_order
from authorizations.models import Course
from tests import factories as make


def every_kind_of(table: type) -> set[type]:
    """The classes of our lists, wherever they are declared."""
    return {kind for sub in table.__subclasses__() for kind in (sub, *every_kind_of(sub))}


get_resolver().url_patterns  # the pages bring their lists with them
TABLES = sorted(
    (
        table
        for table in every_kind_of(django_tables2.Table)
        if table.__module__.startswith("authorizations.") and table._meta.model is not None
    ),
    key=lambda table: table.__name__,
)


def order_of(rows) -> str:
    return (rows.query.order_by or rows.model._meta.ordering)[-1]


@pytest.mark.parametrize("table", TABLES, ids=[table.__name__ for table in TABLES])
def test_every_list_however_sorted_ends_with_the_number_of_the_row(table):
    columns = [n for n, column in table.base_columns.items() if column.orderable is not False]
    counted = dict.fromkeys(columns, Value(1))  # what the page counts is a column for this list
    fields = {field.name for field in table._meta.model._meta.get_fields()}
    rows = table._meta.model._base_manager.annotate(
        **{name: value for name, value in counted.items() if name not in fields}
    )
    for sort in (None, *columns, *(f"-{name}" for name in columns), "nonsense"):
        shown = table(rows, order_by=sort)
        assert order_of(shown.data.data) in ("pk", "-pk", "id", "-id"), sort


def test_the_number_follows_the_direction_so_that_an_index_serves():
    assert in_stable_order(Course.objects.order_by("body_site")).query.order_by == (
        "body_site",
        "pk",
    )
    assert in_stable_order(Course.objects.order_by("-body_site")).query.order_by == (
        "-body_site",
        "-pk",
    )
    assert in_stable_order(Course.objects.order_by(F("code").desc())).query.order_by[-1] == "-pk"
    kept = in_stable_order(Course.objects.order_by("code", "id"))
    assert kept.query.order_by == ("code", "id")


@pytest.mark.django_db
@pytest.mark.parametrize("sort", ["first_fraction_on", "-first_fraction_on", "body_site"])
def test_pages_and_file_hold_each_of_many_equal_rows_once_in_one_order(manager, facility, sort):
    courses = [make.CourseFactory(facility=facility, body_site="prostate") for _ in range(60)]
    Course.objects.filter(pk__in=[c.pk for c in courses[::7]]).update(fractions_planned=29)
    url, query = reverse("course_list"), {"sort": sort, "all": "1"}
    shown = []
    for page in ("1", "2"):
        text = manager.get(url, {**query, "page": page}).content.decode()
        shown += re.findall(r'data-row[^>]*>.*?href="/courses/(\d+)/"', text, re.DOTALL)
    answer = manager.get(url, {**query, "export": "csv"})
    file = b"".join(answer.streaming_content).decode()
    codes = [line[0] for line in list(csv.reader(io.StringIO(file, newline="")))[1:]]
    numbers = dict(Course.objects.values_list("code", "pk"))
    assert len(codes) == 60
    assert [int(pk) for pk in shown] == [numbers[code] for code in codes]

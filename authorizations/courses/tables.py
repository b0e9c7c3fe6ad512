"""The list of courses."""

from __future__ import annotations

import django_tables2 as tables

from authorizations.models import Course
from authorizations.web import export_columns as exports
from authorizations.web.tables import StableTable

NUMBER = {"th": {"class": "number"}}


class CourseTable(StableTable):
    """Courses with how far they are and what is left."""

    row_template = "authorizations/courses/_course_row.html"
    caption = "Courses"
    exported = exports.COURSE
    empty_url = "/courses/new/"
    empty_action = "Register a course"

    patient = tables.Column(order_by=("patient__last_name", "patient__first_name"))
    code = tables.Column(verbose_name="Course")
    body_site = tables.Column()
    plan = tables.Column(orderable=False, accessor="pk")
    first_fraction_on = tables.Column(verbose_name="First treatment")
    fractions_done = tables.Column(verbose_name="Fractions", attrs=NUMBER)
    units_left = tables.Column(verbose_name="Units left", attrs=NUMBER)

    class Meta:
        model = Course
        fields = ()
        order_by = "-first_fraction_on"
        empty_text = "No course fits. Loosen the filters, or register the first one."

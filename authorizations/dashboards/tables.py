"""The rows behind the managers' figures: requests with their clock, lines, courses, charges."""

from __future__ import annotations

import django_tables2 as tables

from authorizations.models import AuthorizedService, Course, PriorAuthorization
from authorizations.web import export_columns as exports
from authorizations.web.tables import StableTable

NUMBER = {"th": {"class": "number"}}
NOTHING = "No row stands behind this figure."


class RequestFigureTable(StableTable):
    """Requests with what the payer first answered, when, and by when it should have."""

    row_template = "authorizations/dashboards/_figure_request_row.html"
    caption = "Requests"
    exported = exports.AUTHORIZATION

    patient = tables.Column(
        accessor="course__patient", order_by=("course__patient__last_name", "course__code")
    )
    plan = tables.Column(order_by="plan__code")
    status = tables.Column(verbose_name="Status now")
    received_on = tables.Column(verbose_name="Received")
    due_at = tables.Column(verbose_name="Answer due")
    answer = tables.Column(verbose_name="First answer", orderable=False, accessor="pk")
    days = tables.Column(verbose_name="Days", orderable=False, accessor="pk", attrs=NUMBER)

    class Meta:
        model = PriorAuthorization
        fields = ()
        empty_text = NOTHING


class AnswerFigureTable(RequestFigureTable):
    """Requests first answered: their file says how long it took."""

    exported = exports.ANSWERED


class LineFigureTable(StableTable):
    """Lines as the first answer decided them, with units requested and approved."""

    row_template = "authorizations/dashboards/_figure_line_row.html"
    caption = "Lines"
    exported = exports.LINE

    patient = tables.Column(
        accessor="authorization__course__patient",
        order_by="authorization__course__patient__last_name",
    )
    plan = tables.Column(accessor="authorization__plan", order_by="authorization__plan__code")
    line = tables.Column(accessor="code", order_by="code")
    site = tables.Column(
        accessor="authorization__course__body_site", verbose_name="Site and technique"
    )
    decision = tables.Column(verbose_name="First answer", accessor="first_decision")
    units_requested = tables.Column(verbose_name="Requested", attrs=NUMBER)
    granted = tables.Column(verbose_name="Approved", attrs=NUMBER)
    reason = tables.Column(accessor="first_reason", verbose_name="Reason")

    class Meta:
        model = AuthorizedService
        fields = ()
        empty_text = NOTHING


class CourseFigureTable(StableTable):
    """Courses with the day they were planned to begin, were approved, and began."""

    row_template = "authorizations/dashboards/_figure_course_row.html"
    caption = "Courses"
    exported = exports.PLANNED

    patient = tables.Column(order_by=("patient__last_name", "patient__first_name"))
    code = tables.Column(verbose_name="Course")
    first_fraction_on = tables.Column(verbose_name="Planned first treatment")
    approved_on = tables.Column(verbose_name="Approved")
    began_on = tables.Column(verbose_name="First treatment")
    days = tables.Column(verbose_name="Days delayed", attrs=NUMBER)

    class Meta:
        model = Course
        fields = ()
        empty_text = NOTHING

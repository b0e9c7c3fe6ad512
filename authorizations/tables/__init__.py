"""Lists: their columns, headings and what an empty one says. Rows are hand-written pieces."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.html import format_html

from authorizations.models import Batch, Charge, Course, GuidanceSession, PriorAuthorization
from authorizations.tables import exports
from authorizations.web.tables import SteadyTable

UNSEEN = format_html('<span class="visually-hidden">{}</span>', "Tick")
NUMBER = {"th": {"class": "number"}}


class CourseTable(SteadyTable):
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


class AuthorizationTable(SteadyTable):
    """Requests with their standing, clock and what is due next."""

    row_template = "authorizations/prior_authorizations/_authorization_row.html"
    caption = "Authorizations"
    exported = exports.AUTHORIZATION

    patient = tables.Column(
        accessor="course__patient", order_by=("course__patient__last_name", "course__code")
    )
    number = tables.Column(verbose_name="Number")
    status = tables.Column()
    due_at = tables.Column(verbose_name="Answer due")
    plan = tables.Column(order_by="plan__code")
    decided_on = tables.Column(accessor="first_answered_on", verbose_name="Decided")
    next_touch_on = tables.Column(verbose_name="Look again")

    class Meta:
        model = PriorAuthorization
        fields = ()
        empty_text = "No request fits. A new one is opened on the page of its course."


class ChargeTable(SteadyTable):
    """Charges with what the rulebook says."""

    row_template = "authorizations/charges/_charge_row.html"
    caption = "Charges"
    exported = exports.CHARGE

    tick = tables.Column(orderable=False, verbose_name=UNSEEN, accessor="pk")
    date_of_service = tables.Column(verbose_name="Date of service")
    patient = tables.Column(
        accessor="session__course__patient", order_by="session__course__patient__last_name"
    )
    code = tables.Column(verbose_name="Line")
    plan = tables.Column(order_by="plan__code")
    status = tables.Column()
    leading_rule = tables.Column(verbose_name="Finding")
    filing_deadline = tables.Column(verbose_name="File by")
    amount = tables.Column(attrs=NUMBER)

    class Meta:
        model = Charge
        fields = ()
        order_by = "date_of_service"
        empty_text = "No charge fits. Loosen the filters, or enjoy the calm."


class BatchTable(SteadyTable):
    """Released batches by number."""

    row_template = "authorizations/batches/_batch_row.html"
    caption = "Batches"
    exported = exports.BATCH

    number = tables.Column()
    payer = tables.Column(order_by="payer__name")
    facility = tables.Column(order_by="facility__name")
    units = tables.Column(attrs=NUMBER)
    amount = tables.Column(attrs=NUMBER)
    created_at = tables.Column(verbose_name="Drawn")

    class Meta:
        model = Batch
        fields = ()
        order_by = "-number"
        empty_text = "No batch yet. Release charges, then draw the first one above."


class SessionTable(SteadyTable):
    """Sessions behind a figure of the dashboard."""

    row_template = "authorizations/treatments/_session_row.html"
    caption = "Sessions"
    exported = exports.SESSION

    date_of_service = tables.Column(verbose_name="Date of service")
    patient = tables.Column(
        accessor="course__patient", order_by=("course__patient__last_name", "course__code")
    )
    course = tables.Column(order_by="course__code")
    fraction = tables.Column(attrs=NUMBER)
    facility = tables.Column(order_by="facility__code")

    class Meta:
        model = GuidanceSession
        fields = ()
        order_by = "-date_of_service"
        empty_text = "No session stands behind this figure."


class QueueTable(SteadyTable):
    """The headings of the charge queue and the order they give; rows are fetched apart."""

    tick = tables.Column(orderable=False, verbose_name=UNSEEN, accessor="pk")
    date_of_service = tables.Column(verbose_name="Treated")
    patient = tables.Column(
        accessor="session__course__patient",
        order_by=("session__course__patient__last_name", "date_of_service"),
    )
    code = tables.Column(verbose_name="Line", order_by=("code", "modifiers"))
    leading_rule = tables.Column(verbose_name="What the rulebook says")
    filing_deadline = tables.Column(verbose_name="File by")
    amount = tables.Column(attrs=NUMBER)

    class Meta:
        model = Charge
        fields = ()
        order_by = "date_of_service"

"""The list of guidance sessions."""

from __future__ import annotations

import django_tables2 as tables

from authorizations.models import GuidanceSession
from authorizations.web import export_columns as exports
from authorizations.web.tables import StableTable

NUMBER = {"th": {"class": "number"}}


class SessionTable(StableTable):
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

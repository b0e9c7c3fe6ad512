"""The list of requests to payers."""

from __future__ import annotations

import django_tables2 as tables

from authorizations.models import PriorAuthorization
from authorizations.web import export_columns as exports
from authorizations.web.tables import StableTable


class AuthorizationTable(StableTable):
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
    next_touch_on = tables.Column(verbose_name="Follow-up")

    class Meta:
        model = PriorAuthorization
        fields = ()
        empty_text = "No request fits. A new one is opened on the page of its course."

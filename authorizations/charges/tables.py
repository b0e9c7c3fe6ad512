"""The lists of charges: the coders' queue, and the charges behind a figure."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.html import format_html

from authorizations.models import Charge
from authorizations.web import export_columns as exports
from authorizations.web.tables import StableTable

UNSEEN = format_html('<span class="visually-hidden">{}</span>', "Tick")
NUMBER = {"th": {"class": "number"}}


class ChargeTable(StableTable):
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


class QueueTable(StableTable):
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

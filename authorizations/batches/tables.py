"""The list of batches."""

from __future__ import annotations

import django_tables2 as tables

from authorizations.models import Batch
from authorizations.web import export_columns as exports
from authorizations.web.tables import StableTable

NUMBER = {"th": {"class": "number"}}


class BatchTable(StableTable):
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

"""Read how Medicare pays hospitals for outpatient services (OPPS Addendum B), each quarter."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from coding.imports import hospital_payments
from coding.imports.changes import Changes
from coding.imports.command import ImportCommand
from coding.imports.releases import fit
from coding.models import HospitalPayment


class Command(ImportCommand):
    """csv, xlsx or the zip; descriptors are dropped on reading."""

    help = __doc__
    source = "CMS OPPS Addendum B"
    members = ("addendum b", "addendum_b", "addendum-b", "addb")
    is_yearly = True

    def changes(
        self, content: bytes, name: str, codes: set[str] | None, options: dict[str, Any]
    ) -> Changes:
        return fit(
            HospitalPayment,
            hospital_payments.KEY,
            hospital_payments.parse_hospital_payments(content, name, codes),
            on=options["effective_from"],
            through=options["effective_through"],
            scope=Q() if codes is None else Q(code__in=codes),
        )

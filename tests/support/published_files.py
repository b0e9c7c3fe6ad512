"""Published tables as files, and the commands that load them."""

from __future__ import annotations

import io
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from openpyxl import Workbook

from tests import factories as make


@pytest.fixture
def book():
    for code in ("77387", "77373"):
        make.ProcedureCodeFactory(code=code)


def run(command: str, path, *, on: str = "2026-10-01", **options) -> str:
    out = StringIO()
    call_command(
        command, path, effective_from=date.fromisoformat(on), release="October 2026",
        stdout=out, **options,
    )  # fmt: skip
    return out.getvalue()


def mue_book(rows) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.append(["Copyright notice"])
    sheet.append([
        "HCPCS/\nCPT Code",
        "Practitioner Services MUE Values",
        "MUE Adjudication Indicator",
        "MUE Rationale",
    ])  # fmt: skip
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()

"""Spreadsheets of a front desk: written, previewed and applied."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

HEADING = (
    "Auth number", "MRN", "Course", "Plan", "Site", "Status", "Submitted", "Decided", "CPT", "Mod",
    "Requested", "Approved", "From", "Through", "Proof", "Comment",
)  # fmt: skip


@pytest.fixture
def rows(course, plan):
    common = [course.patient.mrn, course.code, plan.code, course.facility.code, "approved",
              "2026-09-28", "2026-09-30"]  # fmt: skip
    tail = ["28", "28", "2026-10-01", "2026-12-31", "letter", ""]
    return [["A7", *common, "77407", "", *tail], ["A7", *common, "77387", "26", *tail]]


def as_csv(rows, heading=HEADING) -> bytes:
    return "\n".join(",".join(row) for row in [heading, *rows]).encode()


def preview(client, content: bytes, name: str = "auths.csv"):
    upload = SimpleUploadedFile(name, content)
    return client.post(reverse("authorization_import"), {"file": upload})


def apply(client, response, **changes):
    data = {
        f"column-{c['name']}": c["place"]
        for c in response.context["columns"]
        if c["place"] is not None
    }
    data |= {
        "ticket": response.context["ticket"],
        "read_sheet": response.context["sheet"],
        "read_heading": response.context["heading_row"],
        "write": "1",
        **changes,
    }
    return client.post(reverse("authorization_import_apply"), data, follow=True)

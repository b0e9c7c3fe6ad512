"""The payer's answers on the spreadsheet of a front desk."""

from __future__ import annotations

from tests.support.spreadsheets import HEADING, apply, as_csv, preview


def sheet_row(course, plan):
    """Rows of the sheet: a request for guidance that waits for the payer, with changes."""
    usual = {
        "Auth number": "",
        "MRN": course.patient.mrn,
        "Course": course.code,
        "Plan": plan.code,
        "Site": course.facility.code,
        "Status": "submitted",
        "Submitted": "2026-09-28",
        "Decided": "",
        "CPT": "77387",
        "Mod": "26",
        "Requested": "28",
        "Approved": "",
        "From": "",
        "Through": "",
        "Proof": "none",
        "Comment": "",
    }

    def build(**changes: str) -> list[str]:
        return [(usual | changes)[name] for name in HEADING]

    return build


GRANTED = {
    "Auth number": "A-778",
    "Status": "Approved",
    "Decided": "2026-09-30",
    "Approved": "28",
    "From": "2026-10-01",
    "Through": "2026-12-31",
    "Proof": "letter",
}
DENIED = {"Status": "denied", "Decided": "2026-09-30", "Proof": "letter", "Comment": "not needed"}


def write(client, *rows) -> str:
    """The sheet looked at and written; the sentence about it."""
    response = preview(client, as_csv(rows))
    page = apply(client, response)
    return next(str(message) for message in page.context["messages"])


def refusals(client, *rows) -> list[str]:
    return [r.sentence for r in preview(client, as_csv(rows)).context["report"].refused]

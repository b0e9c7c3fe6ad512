"""What a downloaded list holds: plainer and wider than the page, one value to a cell."""

from __future__ import annotations

from accounts.exports.column import JOINED, ExportColumn, label
from authorizations.models import (
    AuthorizationStatus,
    ChargeStatus,
    EndReason,
    LineDecision,
    Technique,
)
from payers.models import LineOfBusiness

PAYER = ExportColumn("payer", "plan__payer__name")
PLAN = (
    PAYER,
    ExportColumn("plan", "plan__code"),
    ExportColumn("line of business", "plan__line_of_business", label(LineOfBusiness)),
)


def patient_columns(path: str) -> tuple[ExportColumn, ...]:
    return (
        ExportColumn("MRN", f"{path}mrn"),
        ExportColumn("last name", f"{path}last_name"),
        ExportColumn("first name", f"{path}first_name"),
    )


COURSE = (
    ExportColumn("course", "code"),
    *patient_columns("patient__"),
    ExportColumn("facility", "facility__code"),
    ExportColumn("body site", "body_site"),
    ExportColumn("diagnosis", "diagnosis"),
    ExportColumn("technique", "technique", label(Technique)),
    ExportColumn("physician", "physician__name"),
    ExportColumn("first treatment", "first_fraction_on"),
    ExportColumn("ended", "ended_on"),
    ExportColumn("why it ended", "end_reason", label(EndReason)),
    ExportColumn("fractions planned", "fractions_planned"),
    ExportColumn("fractions done", "fractions_done"),
    ExportColumn("units left", "units_left"),
)
AUTHORIZATION = (
    ExportColumn("request", "pk"),
    ExportColumn("number", "number"),
    ExportColumn("course", "course__code"),
    *patient_columns("course__patient__"),
    ExportColumn("facility", "course__facility__code"),
    *PLAN,
    ExportColumn("status", "status", label(AuthorizationStatus)),
    ExportColumn("who acts", "who_acts"),
    ExportColumn("submitted", "submitted_at"),
    ExportColumn("received by the payer", "received_on"),
    ExportColumn("answer due", "due_at"),
    ExportColumn("decided", "first_answered_on"),
    ExportColumn("look again", "next_touch_on"),
)
ANSWERED = (
    *AUTHORIZATION,
    ExportColumn("first answer", "first_answer", label(AuthorizationStatus)),
    ExportColumn("first answered", "first_answered_on"),
    ExportColumn("days to the first answer", "days"),
    ExportColumn("last day of the clock", "due_on"),
    ExportColumn("days after it (below 0: before)", "days_late"),
)
CHARGE_IDENTITY = (
    ExportColumn("charge", "pk"),
    ExportColumn("date of service", "date_of_service"),
    ExportColumn("course", "session__course__code"),
    *patient_columns("session__course__patient__"),
    ExportColumn("facility", "facility__code"),
    PAYER,
)
CHARGE = (
    *CHARGE_IDENTITY,
    *(column for column in PLAN if column is not PAYER),
    ExportColumn("code", "code"),
    ExportColumn("modifiers", "modifiers", JOINED),
    ExportColumn("units", "units"),
    ExportColumn("amount", "amount"),
    ExportColumn("status", "status", label(ChargeStatus)),
    ExportColumn("verdict", "disposition"),
    ExportColumn("finding", "leading_rule"),
    ExportColumn("file by", "filing_deadline"),
    ExportColumn("batch", "batch__number"),
)
BATCH = (
    ExportColumn("batch", "number"),
    ExportColumn("payer", "payer__name"),
    ExportColumn("issuer", "issuer__name"),
    ExportColumn("facility", "facility__code"),
    ExportColumn("units", "units"),
    ExportColumn("amount", "amount"),
    ExportColumn("drawn", "created_at"),
    ExportColumn("drawn by", "created_by__username"),
)
SESSION = (
    ExportColumn("session", "pk"),
    ExportColumn("date of service", "date_of_service"),
    ExportColumn("course", "course__code"),
    *patient_columns("course__patient__"),
    ExportColumn("facility", "facility__code"),
    ExportColumn("machine", "machine"),
    ExportColumn("fraction", "fraction"),
    ExportColumn("session of the day", "session_of_day"),
    ExportColumn("started", "started_at"),
    ExportColumn("delivery code", "delivery_code"),
    ExportColumn("modalities", "modalities", JOINED),
)
LINE = (
    ExportColumn("line", "pk"),
    ExportColumn("request", "authorization__pk"),
    ExportColumn("number", "authorization__number"),
    ExportColumn("course", "authorization__course__code"),
    *patient_columns("authorization__course__patient__"),
    *(
        ExportColumn(column.heading, f"authorization__{column.path}", column.show)
        for column in PLAN
    ),
    ExportColumn("code", "code"),
    ExportColumn("modifier", "modifier"),
    ExportColumn("first answered", "authorization__first_answered_on"),
    ExportColumn("first answer", "first_decision", label(LineDecision)),
    ExportColumn("units requested", "units_requested"),
    ExportColumn("units approved first", "first_units"),
    ExportColumn("reason", "first_reason"),
    ExportColumn("decision now", "decision", label(LineDecision)),
    ExportColumn("units approved now", "units_approved"),
    ExportColumn("units used", "units_used"),
)
PLANNED = (
    *(column for column in COURSE if column.path not in ("fractions_done", "units_left")),
    ExportColumn("first allowed", "approved_on"),
    ExportColumn("first treated", "began_on"),
    ExportColumn("days delayed (0 or below: none)", "days"),
)
CHARGE_REFERENCE = (
    ExportColumn("charge", "charge__pk"),
    ExportColumn("date of service", "charge__date_of_service"),
    ExportColumn("code", "charge__code"),
    ExportColumn("modifiers", "charge__modifiers", JOINED),
    ExportColumn("course", "charge__session__course__code"),
    *patient_columns("charge__session__course__patient__"),
)

"""What a downloaded list holds: plainer and wider than the page, one value to a cell."""

from __future__ import annotations

from accounts.exports.column import JOINED, Exported, label
from authorizations.models import AuthorizationStatus, ChargeStatus, LineDecision, Technique
from payers.models import LineOfBusiness

PAYER = Exported("payer", "plan__payer__name")
PLAN = (
    PAYER,
    Exported("plan", "plan__code"),
    Exported("line of business", "plan__line_of_business", label(LineOfBusiness)),
)


def patient(path: str) -> tuple[Exported, ...]:
    return (
        Exported("MRN", f"{path}mrn"),
        Exported("last name", f"{path}last_name"),
        Exported("first name", f"{path}first_name"),
    )


COURSE = (
    Exported("course", "code"),
    *patient("patient__"),
    Exported("facility", "facility__code"),
    Exported("body site", "body_site"),
    Exported("diagnosis", "diagnosis"),
    Exported("technique", "technique", label(Technique)),
    Exported("physician", "physician__name"),
    Exported("first treatment", "first_fraction_on"),
    Exported("ended", "ended_on"),
    Exported("fractions planned", "fractions_planned"),
    Exported("fractions done", "fractions_done"),
    Exported("units left", "units_left"),
)
AUTHORIZATION = (
    Exported("request", "pk"),
    Exported("number", "number"),
    Exported("course", "course__code"),
    *patient("course__patient__"),
    Exported("facility", "course__facility__code"),
    *PLAN,
    Exported("status", "status", label(AuthorizationStatus)),
    Exported("who acts", "who_acts"),
    Exported("submitted", "submitted_at"),
    Exported("received by the payer", "received_on"),
    Exported("answer due", "due_at"),
    Exported("decided", "first_answered_on"),
    Exported("look again", "next_touch_on"),
)
ANSWERED = (
    *AUTHORIZATION,
    Exported("first answer", "first_answer", label(AuthorizationStatus)),
    Exported("first answered", "first_answered_on"),
    Exported("days to the first answer", "days"),
    Exported("last day of the clock", "due_on"),
    Exported("days after it (below 0: before)", "days_late"),
)
CHARGE_IDENTITY = (
    Exported("charge", "pk"),
    Exported("date of service", "date_of_service"),
    Exported("course", "session__course__code"),
    *patient("session__course__patient__"),
    Exported("facility", "facility__code"),
    PAYER,
)
CHARGE = (
    *CHARGE_IDENTITY,
    *(column for column in PLAN if column is not PAYER),
    Exported("code", "code"),
    Exported("modifiers", "modifiers", JOINED),
    Exported("units", "units"),
    Exported("amount", "amount"),
    Exported("status", "status", label(ChargeStatus)),
    Exported("verdict", "disposition"),
    Exported("finding", "leading_rule"),
    Exported("file by", "filing_deadline"),
    Exported("batch", "batch__number"),
)
BATCH = (
    Exported("batch", "number"),
    Exported("payer", "payer__name"),
    Exported("facility", "facility__code"),
    Exported("units", "units"),
    Exported("amount", "amount"),
    Exported("drawn", "created_at"),
    Exported("drawn by", "created_by__username"),
)
SESSION = (
    Exported("session", "pk"),
    Exported("date of service", "date_of_service"),
    Exported("course", "course__code"),
    *patient("course__patient__"),
    Exported("facility", "facility__code"),
    Exported("machine", "machine"),
    Exported("fraction", "fraction"),
    Exported("session of the day", "session_of_day"),
    Exported("started", "started_at"),
    Exported("delivery code", "delivery_code"),
    Exported("modalities", "modalities", JOINED),
)
LINE = (
    Exported("line", "pk"),
    Exported("request", "authorization__pk"),
    Exported("number", "authorization__number"),
    Exported("course", "authorization__course__code"),
    *patient("authorization__course__patient__"),
    *(Exported(column.heading, f"authorization__{column.path}", column.show) for column in PLAN),
    Exported("code", "code"),
    Exported("modifier", "modifier"),
    Exported("first answered", "authorization__first_answered_on"),
    Exported("first answer", "first_decision", label(LineDecision)),
    Exported("units requested", "units_requested"),
    Exported("units approved first", "first_units"),
    Exported("reason", "first_reason"),
    Exported("decision now", "decision", label(LineDecision)),
    Exported("units approved now", "units_approved"),
    Exported("units used", "units_used"),
)
PLANNED = (
    *(column for column in COURSE if column.path not in ("fractions_done", "units_left")),
    Exported("first allowed", "approved_on"),
    Exported("first treated", "began_on"),
    Exported("days delayed (0 or below: none)", "days"),
)
CHARGE_REFERENCE = (
    Exported("charge", "charge__pk"),
    Exported("date of service", "charge__date_of_service"),
    Exported("code", "charge__code"),
    Exported("modifiers", "charge__modifiers", JOINED),
    Exported("course", "charge__session__course__code"),
    *patient("charge__session__course__patient__"),
)

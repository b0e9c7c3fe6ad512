"""The statements behind the made-up years: days, plans, courses and sessions, and their rows.

A course's facts come from a hash of its number, so that they look drawn and stay the same.
"""

from __future__ import annotations

DAYS = """
CREATE TEMP TABLE hist_day ON COMMIT DROP AS
SELECT (row_number() OVER (ORDER BY day) - 1)::int AS d, day::date AS on_day
FROM (SELECT day FROM generate_series(current_date - %(days)s * 2, current_date - 1, '1 day') day
      WHERE extract(isodow FROM day) < 6 ORDER BY day DESC LIMIT %(days)s) latest
"""
PLANS = """
CREATE TEMP TABLE hist_plan ON COMMIT DROP AS
SELECT (k - 1)::int AS k, p.id AS plan_id, p.payer_id
FROM unnest(%(plans)s::bigint[]) WITH ORDINALITY given(id, k) JOIN payers_plan p USING (id)
"""
# luck, of 1024: above 983 denied, above 1000 never asked; units: 3 in 100 are five short.
COURSES = """
CREATE TEMP TABLE hist_course ON COMMIT DROP AS
SELECT n AS id, d0, f, plan_id, payer_id, facility_id, asked_on, luck, wait,
    CASE WHEN luck > 1000 THEN 'none' WHEN luck > 983 THEN 'denied'
         WHEN d0 > %(days)s - 6 AND wait > 4 THEN 'pended'
         ELSE 'approved' END AS status,
    CASE WHEN hashint8extended(n, 5) & 1023 < 30 THEN f - 5 ELSE f END AS units
FROM (
    SELECT n, ((n - 1) * %(days)s / %(courses)s)::int AS d0,
        (20 + (hashint8extended(n, 1) & 1023) %% 21)::int AS f,
        (hashint8extended(n, 2) & 1023)::int AS luck,
        ((hashint8extended(n, 3) & 1023) %% 9)::int AS wait,
        (%(facilities)s::bigint[])[1 + n %% cardinality(%(facilities)s::bigint[])] AS facility_id,
        ((hashint8extended(n, 4) & 1023) %% cardinality(%(plans)s::bigint[]))::int AS k
    FROM generate_series(1::bigint, %(courses)s) n) drawn
JOIN hist_plan USING (k)
JOIN LATERAL (SELECT on_day - 12 AS asked_on FROM hist_day WHERE d = d0) begun ON true;
CREATE INDEX ON hist_course (d0);
ANALYZE hist_course
"""
# age: working days since; has_unit: whether it holds a unit of the approval.
SESSIONS = """
CREATE TEMP TABLE hist_session ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY d.d, c.id) AS id, c.id AS course_id, c.facility_id, c.plan_id,
    c.payer_id, d.on_day, %(days)s - d.d AS age, (d.d - c.d0 + 1)::int AS fraction,
    c.status = 'approved' AND d.d - c.d0 < c.units AS has_unit,
    (hashint8extended(c.id * 64 + d.d - c.d0, 6) & 1023)::int AS luck
FROM hist_day d JOIN hist_course c ON c.d0 BETWEEN d.d - 39 AND d.d AND d.d < c.d0 + c.f;
CREATE TEMP TABLE hist_charge ON COMMIT DROP AS
SELECT *, CASE
        WHEN NOT has_unit THEN CASE WHEN age > 40 THEN 'not_billable' ELSE 'held' END
        WHEN age > 12 THEN CASE WHEN luck < 996 THEN 'released' WHEN luck < 1020 THEN 'void'
                                WHEN age < 120 THEN 'held' ELSE 'not_billable' END
        WHEN age < 3 OR luck < 200 THEN 'held' WHEN luck < 500 THEN 'ready'
        ELSE 'released' END AS status,
    dense_rank() OVER (ORDER BY date_trunc('month', on_day), facility_id, payer_id) AS batch
FROM hist_session;
DROP TABLE hist_session
"""
NOON = "(on_day + time '18:00') AT TIME ZONE 'UTC'"
ASKED = "(asked_on + time '16:00') AT TIME ZONE 'UTC'"
DECIDED = "status IN ('approved', 'denied')"
IN_BATCH = "status = 'released' AND age > 12"

ROWS: dict[str, tuple[dict[str, str], str]] = {
    "Patient": (
        {
            "id": "id",
            "mrn": "'H' || lpad(id::text, 8, '0')",
            "last_name": "'Sample' || (id %% 5000)",
            "first_name": "'Pat' || (id %% 700)",
            "date_of_birth": "date '1940-01-01' + (id %% 18000)::int",
            "sex": "(ARRAY['F', 'M', 'U'])[1 + id %% 2]",
        },
        "hist_course",
    ),
    "Coverage": (
        {
            "id": "id",
            "patient_id": "id",
            "plan_id": "plan_id",
            "member_id": "'M' || id",
            "effective_from": "asked_on - 400",
        },
        "hist_course",
    ),
    "Course": (
        {
            "id": "id",
            "code": "'H-' || id",
            "patient_id": "id",
            "facility_id": "facility_id",
            "physician_id": "%(doctor)s",
            "diagnosis": "'C61'",
            "body_site": "'prostate'",
            "technique": "'IMRT'",
            "delivery_code": "'77407'",
            "guidance_modality": "'cbct'",
            "fractions_planned": "f",
            "first_fraction_on": "asked_on + 12",
            "ended_on": "CASE WHEN d0 + f < %(days)s"
            " THEN (SELECT on_day FROM hist_day WHERE d = d0 + f - 1) END",
            "weekdays": "'{0,1,2,3,4}'",
            "end_reason": "CASE WHEN d0 + f < %(days)s THEN 'completed' ELSE '' END",
            "registered_at": ASKED,
            "registered_by_id": "%(by)s",
        },
        "hist_course",
    ),
    "PriorAuthorization": (
        {
            "id": "id",
            "course_id": "id",
            "plan_id": "plan_id",
            "facility_id": "facility_id",
            "number": "CASE WHEN status = 'approved' THEN 'H' || id ELSE '' END",
            "status": "status",
            "channel": "'portal'",
            "created_at": ASKED,
            "created_by_id": "%(by)s",
            "submitted_at": ASKED,
            "submitted_by_id": "%(by)s",
            "received_on": ASKED,
            "due_at": f"{ASKED} + interval '7 days'",
            "decided_on": f"CASE WHEN {DECIDED} THEN asked_on + wait END",
            "first_answer": f"CASE WHEN {DECIDED} THEN status ELSE '' END",
            "first_answered_on": f"CASE WHEN {DECIDED} THEN asked_on + wait END",
            "evidence": f"CASE WHEN {DECIDED} THEN 'letter' ELSE 'none' END",
            "evidence_channel_id": "%(channel)s",
            "who_acts": "CASE status WHEN 'pended' THEN 'us' ELSE 'nobody' END",
        },
        "hist_course WHERE status <> 'none'",
    ),
    "AuthorizedService": (
        {
            "id": "id * 2 - line",
            "authorization_id": "id",
            "code": "CASE line WHEN 1 THEN '77407' ELSE '77387' END",
            "modifier": "CASE line WHEN 1 THEN '' ELSE '26' END",
            "units_requested": "f",
            "units_approved": "CASE WHEN status = 'approved' THEN units END",
            "units_used": "CASE status WHEN 'approved' THEN least(units, %(days)s - d0) ELSE 0 END",
            "valid_from": "CASE WHEN status = 'approved' THEN asked_on END",
            "valid_through": "CASE WHEN status = 'approved' THEN asked_on + 90 END",
            "decision": "CASE status WHEN 'approved' THEN 'approved' WHEN 'denied' THEN 'denied'"
            " ELSE 'pended' END",
            "first_decision": f"CASE WHEN {DECIDED} THEN status ELSE '' END",
            "first_units": "CASE WHEN status = 'approved' THEN units END",
        },
        "hist_course, generate_series(0, 1) line WHERE status <> 'none'",
    ),
    "AuthorizationEvent": (
        {
            "id": "id",
            "authorization_id": "id",
            "verb": "'made'",
            "new_status": "status",
            "at": ASKED,
            "by_id": "%(by)s",
        },
        "hist_course WHERE status <> 'none'",
    ),
    "GuidanceSession": (
        {
            "id": "id",
            "course_id": "course_id",
            "facility_id": "facility_id",
            "machine": "'LINAC1'",
            "date_of_service": "on_day",
            "fraction": "fraction",
            "started_at": NOON,
            "delivery_code": "'77407'",
            "modalities": "'{cbct}'::varchar[]",
            "image_at": f"{NOON} - interval '4 minutes'",
            "shift_lr_mm": "1",
            "shift_si_mm": "-2",
            "shift_ap_mm": "0",
            "authorized_service_id": "CASE WHEN has_unit THEN course_id * 2 END",
            "delivery_service_id": "CASE WHEN has_unit THEN course_id * 2 - 1 END",
            "recorded_at": NOON,
            "recorded_by_id": "%(by)s",
        },
        "hist_charge ORDER BY id",
    ),
    "ImageReview": (
        {
            "id": "id",
            "session_id": "id",
            "reviewed_at": f"{NOON} + interval '2 hours'",
            "reviewed_by_id": "%(doctor)s",
            "recorded_at": f"{NOON} + interval '2 hours'",
            "recorded_by_id": "%(by)s",
        },
        "hist_charge WHERE age > 2 ORDER BY id",
    ),
    "Batch": (
        {
            "id": "batch",
            "number": "batch",
            "facility_id": "min(facility_id)",
            "payer_id": "min(payer_id)",
            "units": "count(*)",
            "amount": "count(*) * 36.41",
            "created_at": f"max({NOON})",
            "created_by_id": "%(by)s",
        },
        f"hist_charge WHERE {IN_BATCH} GROUP BY batch",
    ),
    "Charge": (
        {
            "id": "id",
            "session_id": "id",
            "facility_id": "facility_id",
            "plan_id": "plan_id",
            "date_of_service": "on_day",
            "code": "'77387'",
            "modifiers": "'{26}'::varchar[]",
            "place_of_service": "'22'",
            "amount": "36.41",
            "status": "status",
            "disposition": "CASE WHEN NOT has_unit THEN 'STOP' WHEN status = 'held' THEN 'HOLD'"
            " ELSE 'pass' END",
            "leading_rule": "CASE WHEN NOT has_unit THEN 'R48' WHEN status = 'held' THEN 'R42'"
            " ELSE '' END",
            "filing_deadline": "on_day + 90",
            "released_at": f"CASE WHEN status = 'released' THEN {NOON} + interval '1 day' END",
            "released_by_id": "CASE WHEN status = 'released' THEN %(by)s END",
            "batch_id": f"CASE WHEN {IN_BATCH} THEN batch END",
            "captured_at": NOON,
        },
        "hist_charge ORDER BY id",
    ),
    "ChargeEvent": (
        {
            "id": "id",
            "charge_id": "id",
            "verb": "'made'",
            "new_status": "status",
            "at": NOON,
            "by_id": "%(by)s",
        },
        "hist_charge ORDER BY id",
    ),
}


def table_expressions(name: str) -> tuple[dict[str, str], str]:
    """A table's columns as expressions, and what they are taken from."""
    return ROWS[name]

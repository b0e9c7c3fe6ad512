"""Triggers that note, with every change, the days whose counts it makes stale."""

from __future__ import annotations

import pgtrigger

NOTE = "INSERT INTO authorizations_staleday (subject, day)"
ALWAYS = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete


def columns_unchanged(*columns: str) -> str:
    """Whether an update leaves these columns as they are."""
    old, new = (", ".join(f"{row}.{name}" for name in columns) for row in ("OLD", "NEW"))
    return f"TG_OP = 'UPDATE' AND ROW({old}) IS NOT DISTINCT FROM ROW({new})"


def noting(name: str, func: str, operation: pgtrigger.Operation = ALWAYS) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(name=name, when=pgtrigger.After, operation=operation, func=func)


def counts_by_charge() -> pgtrigger.Trigger:
    """A charge that comes, goes or changes: the day of treatment, and while it is not billed the
    last day to file it; the ones it leaves too.
    """
    treated = columns_unchanged(
        "date_of_service", "facility_id", "plan_id", "code", "status", "amount"
    )
    filed = columns_unchanged(
        "filing_deadline", "facility_id", "plan_id", "status", "batch_id", "disposition",
        "leading_rule", "amount",
    )  # fmt: skip
    deadline = f"{NOTE} VALUES ('unbilled', coalesce({{0}}.filing_deadline, '9999-12-31'))"
    unbilled = (
        "({0}.status IN ('captured', 'held', 'ready')"
        " OR {0}.status = 'released' AND {0}.batch_id IS NULL)"
    )
    return noting(
        "charge_makes_day_stale",
        f"""
            IF NOT ({treated}) THEN
                IF TG_OP <> 'INSERT' THEN {NOTE} VALUES ('treatments', OLD.date_of_service); END IF;
                IF TG_OP <> 'DELETE' THEN {NOTE} VALUES ('treatments', NEW.date_of_service); END IF;
            END IF;
            IF {filed} THEN RETURN NULL; END IF;
            IF TG_OP <> 'INSERT' AND {unbilled.format("OLD")} THEN
                {deadline.format("OLD")};
            END IF;
            IF TG_OP <> 'DELETE' AND {unbilled.format("NEW")} THEN
                {deadline.format("NEW")};
            END IF;
            RETURN NULL;
        """,
    )


# Whether a course had begun before this session.
BEGUN = """
    EXISTS (SELECT 1 FROM authorizations_guidancesession s WHERE s.course_id = {0}.course_id
        AND s.is_delivered AND s.voided_at IS NULL AND s.started_at < {0}.started_at
        AND s.id <> {0}.id)
"""


def counts_by_session() -> pgtrigger.Trigger:
    """A session whose unit, delivery or standing changes: the days of its charges. If it was, or
    is now, the first treatment of a course: the day on which that was planned to begin.
    """
    planned = (
        f"{NOTE} SELECT 'planned', first_fraction_on FROM authorizations_course"
        " WHERE id = {0}.course_id AND first_fraction_on IS NOT NULL"
    )
    unit = columns_unchanged("authorized_service_id", "is_delivered", "voided_at")
    first = columns_unchanged(
        "course_id", "date_of_service", "started_at", "is_delivered", "voided_at"
    )
    return noting(
        "session_makes_day_stale",
        f"""
            IF TG_OP = 'UPDATE' AND NOT ({unit}) THEN
                {NOTE} SELECT 'treatments', date_of_service FROM authorizations_charge
                WHERE session_id = NEW.id;
            END IF;
            IF {first} THEN RETURN NULL; END IF;
            IF NOT {BEGUN.format("OLD")} THEN {planned.format("OLD")}; END IF;
            IF TG_OP <> 'DELETE' AND NOT {BEGUN.format("NEW")} THEN
                {planned.format("NEW")};
            END IF;
            RETURN NULL;
        """,
        pgtrigger.Update | pgtrigger.Delete,
    )


def counts_by_new_sessions() -> pgtrigger.Trigger:
    """Sessions that are the first of their course: the days on which those were planned to begin,
    once for all of a statement.
    """
    return pgtrigger.Trigger(
        name="new_session_makes_day_stale",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_rows"),
        func=f"""
            {NOTE} SELECT DISTINCT 'planned', c.first_fraction_on
            FROM new_rows n JOIN authorizations_course c ON c.id = n.course_id
            WHERE c.first_fraction_on IS NOT NULL AND NOT {BEGUN.format("n")};
            RETURN NULL;
        """,
    )


def counts_by_request() -> pgtrigger.Trigger:
    """A request whose first answer, clock or standing changes: the day of the answer, and the one
    on which its course was planned to begin.
    """
    answer = columns_unchanged(
        "first_answer", "first_answered_on", "plan_id", "course_id", "facility_id", "received_on",
        "due_at",
    )  # fmt: skip
    standing = columns_unchanged(
        "course_id", "plan_id", "status", "decided_on", "first_answered_on"
    )
    answered = (
        f"{NOTE} SELECT subject, {{0}}.first_answered_on"
        " FROM unnest(ARRAY['answered', 'lines']) subject"
        " WHERE {0}.first_answered_on IS NOT NULL"
    )
    planned = (
        f"{NOTE} SELECT 'planned', first_fraction_on FROM authorizations_course"
        " WHERE id = {0}.course_id AND first_fraction_on IS NOT NULL"
    )
    return noting(
        "request_makes_day_stale",
        f"""
            IF NOT ({answer}) THEN
                IF TG_OP <> 'INSERT' THEN {answered.format("OLD")}; END IF;
                IF TG_OP <> 'DELETE' THEN {answered.format("NEW")}; END IF;
            END IF;
            IF NOT ({standing}) THEN
                IF TG_OP <> 'INSERT' THEN {planned.format("OLD")}; END IF;
                IF TG_OP <> 'DELETE' THEN {planned.format("NEW")}; END IF;
            END IF;
            RETURN NULL;
        """,
    )


def counts_by_line() -> pgtrigger.Trigger:
    """A line whose code, units or first answer change: the day its request was first answered."""
    noted = (
        f"{NOTE} SELECT 'lines', first_answered_on FROM authorizations_priorauthorization"
        " WHERE id = {0}.authorization_id AND first_answered_on IS NOT NULL"
    )
    seen = columns_unchanged(
        "authorization_id", "code", "units_requested", "first_decision", "first_units"
    )
    return noting(
        "line_makes_day_stale",
        f"""
            IF {seen} THEN RETURN NULL; END IF;
            IF TG_OP <> 'INSERT' THEN {noted.format("OLD")}; END IF;
            IF TG_OP <> 'DELETE' THEN {noted.format("NEW")}; END IF;
            RETURN NULL;
        """,
    )


def counts_by_course() -> pgtrigger.Trigger:
    """A course that begins or ends otherwise: the day it was planned to begin; one that moves to
    another facility: the days of its answers too.
    """
    seen = columns_unchanged("facility_id", "first_fraction_on", "ended_on")
    return noting(
        "course_makes_day_stale",
        f"""
            IF {seen} THEN RETURN NULL; END IF;
            IF TG_OP <> 'INSERT' AND OLD.first_fraction_on IS NOT NULL THEN
                {NOTE} VALUES ('planned', OLD.first_fraction_on);
            END IF;
            IF TG_OP <> 'DELETE' AND NEW.first_fraction_on IS NOT NULL THEN
                {NOTE} VALUES ('planned', NEW.first_fraction_on);
            END IF;
            IF TG_OP = 'UPDATE' AND OLD.facility_id <> NEW.facility_id THEN
                {NOTE} SELECT subject, first_answered_on
                FROM authorizations_priorauthorization,
                    unnest(ARRAY['answered', 'lines']) subject
                WHERE course_id = NEW.id AND first_answered_on IS NOT NULL;
            END IF;
            RETURN NULL;
        """,
    )

"""A course without a plan, or cancelled before its first treatment, has none, whoever writes it."""

from __future__ import annotations

import pgtrigger


def never_in_cancelled_course() -> pgtrigger.Trigger:
    """Refuse sessions of a course cancelled or without a plan; once for all of a statement."""
    return pgtrigger.Trigger(
        name="session_of_cancelled_course",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_rows"),  # type: ignore[no-untyped-call]
        func="""
            IF EXISTS (SELECT 1 FROM new_rows n JOIN authorizations_course c ON c.id = n.course_id
                WHERE c.fractions_planned IS NULL OR c.first_fraction_on IS NULL) THEN
                RAISE EXCEPTION 'The course has no plan yet: enter its fractions and first day'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'session_of_unplanned_course';
            END IF;
            IF EXISTS (SELECT 1 FROM new_rows n JOIN authorizations_course c
                ON c.id = n.course_id WHERE c.is_cancelled) THEN
                RAISE EXCEPTION 'The course was cancelled: reopen it first'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'session_of_cancelled_course';
            END IF;
            RETURN NULL;
        """,
    )


def never_cancelled_with_sessions() -> pgtrigger.Trigger:
    """Refuse to cancel a course of which something is recorded, or to take its plan away."""
    return pgtrigger.Trigger(
        name="course_cancelled_with_sessions",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf(  # type: ignore[no-untyped-call]
            "is_cancelled", "fractions_planned", "first_fraction_on"
        ),
        func="""
            IF (NEW.is_cancelled OR NEW.fractions_planned IS NULL OR NEW.first_fraction_on IS NULL)
                AND EXISTS (SELECT 1 FROM authorizations_guidancesession s
                WHERE s.course_id = NEW.id AND s.voided_at IS NULL) THEN
                RAISE EXCEPTION 'Something is recorded of the course: end it instead, keep its plan'
                    USING ERRCODE = 'check_violation',
                    CONSTRAINT = 'course_cancelled_with_sessions';
            END IF;
            RETURN NEW;
        """,
    )

"""What must hold at any moment, after any history: SQL that returns no row when all is well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from authorizations.dashboards.proof import wrong_days
from authorizations.models.awaiting import WAITING


@dataclass(frozen=True)
class Invariant:
    """A sentence, and a query (or a function) that finds what breaks it."""

    key: str
    sentence: str
    query: str | Callable[[], list[int]]


INVARIANTS = (
    Invariant(
        "I1",
        "A fraction has one live session, and a session one live charge per code.",
        """
        SELECT min(id) FROM authorizations_guidancesession WHERE voided_at IS NULL
        GROUP BY course_id, fraction, session_of_day HAVING count(*) > 1
        UNION ALL
        SELECT min(id) FROM authorizations_charge WHERE status <> 'void'
        GROUP BY session_id, code HAVING count(*) > 1
        """,
    ),
    Invariant(
        "I2",
        "A released charge stands on a delivered session and an approved review, or an override.",
        """
        SELECT c.id FROM authorizations_charge c
        JOIN authorizations_guidancesession s ON s.id = c.session_id
        WHERE c.status = 'released' AND c.overridden_at IS NULL AND (
            NOT s.is_delivered OR s.voided_at IS NOT NULL OR c.disposition = 'STOP'
            OR NOT EXISTS (SELECT 1 FROM authorizations_imagereview r
                           WHERE r.session_id = s.id AND r.decision = 'approved'))
        """,
    ),
    Invariant(
        "I3a",
        "Units used of a line are the sessions that hold one.",
        """
        SELECT l.id FROM authorizations_authorizedservice l
        WHERE l.units_used <> (
            SELECT count(*) FROM authorizations_guidancesession s
            WHERE s.authorized_service_id = l.id OR s.delivery_service_id = l.id)
        """,
    ),
    Invariant(
        "I3b",
        "Units used never exceed units approved.",
        """
        SELECT id FROM authorizations_authorizedservice
        WHERE units_used > coalesce(units_approved, 0)
        """,
    ),
    Invariant(
        "I3c",
        "No billable session waits while a unit of its plan and day is free.",
        """
        SELECT s.id FROM authorizations_guidancesession s
        JOIN authorizations_course k ON k.id = s.course_id
        JOIN authorizations_coverage v ON v.patient_id = k.patient_id AND v.rank = 'primary'
            AND s.date_of_service BETWEEN v.effective_from
            AND coalesce(v.effective_through, 'infinity')
        JOIN authorizations_priorauthorization a ON a.course_id = k.id AND a.plan_id = v.plan_id
            AND a.status IN ('approved', 'partially_approved', 'superseded')
        JOIN authorizations_authorizedservice l ON l.authorization_id = a.id AND l.code = '77387'
            AND l.decision IN ('approved', 'reduced')
            AND s.date_of_service BETWEEN l.valid_from AND l.valid_through
        WHERE s.is_delivered AND s.voided_at IS NULL AND s.authorized_service_id IS NULL
            AND l.units_used < l.units_approved
            AND NOT EXISTS (SELECT 1 FROM authorizations_charge c WHERE c.session_id = s.id
                            AND c.status IN ('not_billable', 'released'))
        """,
    ),
    Invariant(
        "I4",
        "The standing of a case is that of its last event.",
        """
        SELECT c.id FROM authorizations_charge c
        WHERE c.status <> (SELECT e.new_status FROM authorizations_chargeevent e
                           WHERE e.charge_id = c.id ORDER BY e.id DESC LIMIT 1)
        UNION ALL
        SELECT a.id FROM authorizations_priorauthorization a
        WHERE a.status <> (SELECT e.new_status FROM authorizations_authorizationevent e
                           WHERE e.authorization_id = a.id ORDER BY e.id DESC LIMIT 1)
        """,
    ),
    Invariant(
        "I5",
        "A decided request has its evidence written down, an override its reason.",
        """
        SELECT id FROM authorizations_priorauthorization
        WHERE status IN ('approved', 'partially_approved', 'denied') AND evidence = 'none'
        UNION ALL
        SELECT id FROM authorizations_charge
        WHERE overridden_at IS NOT NULL AND override_reason = ''
        """,
    ),
    Invariant(
        "I7",
        "A batch is worth the sum of the charges drawn into it.",
        """
        SELECT b.id FROM authorizations_batch b
        LEFT JOIN authorizations_charge c ON c.batch_id = b.id
        GROUP BY b.id HAVING b.units <> coalesce(sum(c.units), 0)
            OR b.amount <> coalesce(sum(c.amount), 0)
        """,
    ),
    Invariant(
        "I8",
        "Nobody released what rests on their own entry, nor confirmed their own override.",
        """
        SELECT c.id FROM authorizations_charge c
        JOIN authorizations_guidancesession s ON s.id = c.session_id
        WHERE c.status = 'released' AND (c.released_by_id = s.recorded_by_id
            OR EXISTS (SELECT 1 FROM authorizations_sessioncorrection k
                       WHERE k.session_id = s.id AND k.by_id = c.released_by_id
                       AND k.at <= c.released_at)
            OR EXISTS (SELECT 1 FROM authorizations_imagereview r
                       WHERE r.session_id = s.id AND r.recorded_by_id = c.released_by_id
                       AND r.recorded_at <= c.released_at))
            AND NOT EXISTS (SELECT 1 FROM authorizations_chargeevent e
                            WHERE e.charge_id = c.id AND e.details ? 'alone')
        UNION ALL
        SELECT id FROM authorizations_charge
        WHERE overridden_by_id = override_proposed_by_id AND NOT is_override_alone
        """,
    ),
    Invariant(
        "I11",
        "The kept counts of a day that is not stale are those of its rows.",
        wrong_days,
    ),
    Invariant(
        "I12",
        "The images that are kept as waiting are those that nobody has answered.",
        f"""
        (SELECT session_id FROM authorizations_awaitedreview EXCEPT ({WAITING}))
        UNION ALL (({WAITING}) EXCEPT SELECT session_id FROM authorizations_awaitedreview)
        """,
    ),
    Invariant(
        "I13",
        "A line has its first answer kept exactly when its request has.",
        """
        SELECT l.id FROM authorizations_authorizedservice l
        JOIN authorizations_priorauthorization a ON a.id = l.authorization_id
        WHERE (l.first_decision = '') <> (a.first_answer = '')
        """,
    ),
    Invariant(
        "I9",
        "What was released is never edited back: only voided.",
        """
        SELECT id FROM authorizations_charge
        WHERE released_at IS NOT NULL AND status NOT IN ('released', 'void')
        """,
    ),
)


def broken(invariant: Invariant) -> list[int]:
    """The numbers of the rows (or the days, as 20261005) that break it; none when it holds."""
    if callable(invariant.query):
        return invariant.query()
    with connection.cursor() as cursor:
        cursor.execute(invariant.query)
        return [row[0] for row in cursor.fetchall()]

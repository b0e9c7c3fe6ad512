"""What must hold of sessions, charges and authorizations: SQL that returns no row."""

from __future__ import annotations

from authorizations.invariants.question import Invariant

CASES = (
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
        "A released charge has a delivered session, an approved review and no stop but an "
        "overridden one.",
        """
        SELECT c.id FROM authorizations_charge c
        JOIN authorizations_guidancesession s ON s.id = c.session_id
        WHERE c.status = 'released' AND (
            NOT s.is_delivered OR s.voided_at IS NOT NULL
            OR c.disposition = 'STOP' AND c.overridden_at IS NULL
            OR c.overridden_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM authorizations_imagereview r
                WHERE r.session_id = s.id AND r.decision = 'approved'))
        """,
    ),
    Invariant(
        "I2b",
        "The images of a released charge were approved before the next delivered session, or a "
        "manager answered for it, or it is marked as one that would now be judged differently.",
        """
        SELECT c.id FROM authorizations_charge c
        JOIN authorizations_guidancesession s ON s.id = c.session_id
        JOIN authorizations_imagereview r ON r.session_id = s.id AND r.decision = 'approved'
        WHERE c.status = 'released' AND c.overridden_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM authorizations_changedverdict v
                            WHERE v.charge_id = c.id)
            AND EXISTS (
                SELECT 1 FROM authorizations_guidancesession later
                WHERE later.course_id = s.course_id AND later.started_at > s.started_at
                AND later.started_at <= r.reviewed_at
                AND later.is_delivered AND later.voided_at IS NULL)
        """,
    ),
    Invariant(
        "I2c",
        "Where the plan required permission on its day, a released charge holds a unit of a line "
        "in force that day.",
        """
        SELECT c.id FROM authorizations_charge c
        JOIN authorizations_guidancesession s ON s.id = c.session_id
        LEFT JOIN authorizations_authorizedservice l ON l.id = s.authorized_service_id
            AND l.decision IN ('approved', 'reduced')
            AND s.date_of_service BETWEEN l.valid_from AND l.valid_through
        WHERE c.status = 'released' AND c.overridden_at IS NULL AND l.id IS NULL
            AND (SELECT facts::jsonb #> '{authorization,is_required}'
                 FROM authorizations_codingreview WHERE charge_id = c.id
                 ORDER BY id DESC LIMIT 1) = 'true'
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
            AND a.status NOT IN ('withdrawn', 'cancelled')
            AND s.date_of_service < coalesce(a.superseded_from, 'infinity')
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
        "I9",
        "What was released is never edited back: only voided.",
        """
        SELECT id FROM authorizations_charge
        WHERE released_at IS NOT NULL AND status NOT IN ('released', 'void')
        """,
    ),
    Invariant(
        "I10",
        "Charges, sessions and requests have a facility; a charge has that of its session.",
        """
        SELECT id FROM authorizations_guidancesession WHERE facility_id IS NULL
        UNION ALL SELECT id FROM authorizations_priorauthorization WHERE facility_id IS NULL
        UNION ALL
        SELECT c.id FROM authorizations_charge c
        JOIN authorizations_guidancesession s ON s.id = c.session_id
        WHERE c.facility_id IS DISTINCT FROM s.facility_id
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
        "S25",
        "Nobody released a charge on a session they recorded.",
        """
        SELECT c.id FROM authorizations_charge c
        JOIN authorizations_guidancesession s ON s.id = c.session_id
        WHERE c.released_by_id = s.recorded_by_id AND c.status = 'released'
        """,
    ),
)

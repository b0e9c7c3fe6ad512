"""What must hold of sessions, charges and authorizations: SQL that returns no row."""

from __future__ import annotations

from authorizations.invariants.question import Invariant
from authorizations.verdicts.release_conditions import RELEASED_WITHOUT_A_FACT
from authorizations.workflow import DECISIONS
from coding.rules.common import LEGACY_GUIDANCE

# Before 2026 a unit of either set of codes was one of guidance.
OLD_GUIDANCE = "('77387', {})".format(", ".join(f"'{code}'" for code in sorted(LEGACY_GUIDANCE)))
# Verbs that write down what the payer answered, or what proves it, as a list in SQL.
DECIDING_VERBS = "({})".format(", ".join(f"'{verb}'" for verb in sorted(DECISIONS)))
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
        "A released charge has a delivered session, images approved before the next treatment, and "
        "a unit of a line in force where the plan requires one; or an override of what it lacks.",
        f"""
        SELECT id FROM authorizations_charge
        WHERE status = 'released' AND disposition = 'STOP' AND overridden_at IS NULL
        UNION {RELEASED_WITHOUT_A_FACT}
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
        f"""
        SELECT s.id FROM authorizations_guidancesession s
        JOIN authorizations_course k ON k.id = s.course_id
        JOIN authorizations_coverage v ON v.patient_id = k.patient_id AND v.rank = 'primary'
            AND s.date_of_service BETWEEN v.effective_from
            AND coalesce(v.effective_through, 'infinity')
        JOIN authorizations_priorauthorization a ON a.course_id = k.id AND a.plan_id = v.plan_id
            AND a.status NOT IN ('withdrawn', 'cancelled')
            AND s.date_of_service < coalesce(a.superseded_from, 'infinity')
        LEFT JOIN authorizations_charge h ON h.session_id = s.id AND h.status <> 'void'
        JOIN authorizations_authorizedservice l ON l.authorization_id = a.id
            AND (l.code = coalesce(h.code, '77387') OR s.date_of_service < '2026-01-01'
                 AND l.code IN {OLD_GUIDANCE})
            AND l.decision IN ('approved', 'reduced')
            AND s.date_of_service BETWEEN l.valid_from AND l.valid_through
        WHERE s.is_delivered AND s.voided_at IS NULL AND s.authorized_service_id IS NULL
            AND NOT s.modalities <@ ARRAY['port_film']::varchar[]
            AND (l.modifier <> 'TC' OR 'TC' = ANY(h.modifiers))
            AND (l.modifier <> '26' OR NOT 'TC' = ANY(coalesce(h.modifiers, '{{}}')))
            AND l.units_used < l.units_approved
            AND coalesce(h.status, '') NOT IN ('not_billable', 'released')
            AND (h.id IS NOT NULL OR NOT EXISTS (
                SELECT 1 FROM authorizations_charge g
                JOIN authorizations_chargeevent e ON e.charge_id = g.id
                WHERE g.session_id = s.id AND e.verb = 'leave_unbilled'))
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
        "Nobody released what rests on their own entry, nor confirmed their own override.",
        f"""
        SELECT c.id FROM authorizations_charge c
        JOIN authorizations_guidancesession s ON s.id = c.session_id
        WHERE c.status = 'released' AND (c.released_by_id = s.recorded_by_id
            OR EXISTS (SELECT 1 FROM authorizations_sessioncorrection k
                       WHERE k.session_id = s.id AND k.by_id = c.released_by_id
                       AND k.at <= c.released_at)
            OR EXISTS (SELECT 1 FROM authorizations_imagereview r
                       WHERE r.session_id = s.id AND r.recorded_by_id = c.released_by_id
                       AND r.recorded_at <= c.released_at)
            OR EXISTS (SELECT 1 FROM authorizations_treatmentrecord t
                       WHERE t.session_id = s.id AND t.sent_by_id = c.released_by_id)
            OR EXISTS (SELECT 1 FROM authorizations_authorizedservice l
                       JOIN authorizations_authorizationevent d
                           ON d.authorization_id = l.authorization_id
                       WHERE l.id = s.authorized_service_id AND d.by_id = c.released_by_id
                       AND d.at <= c.released_at AND d.verb IN {DECIDING_VERBS}))
            AND NOT EXISTS (SELECT 1 FROM authorizations_chargeevent e
                            WHERE e.charge_id = c.id AND e.details ? 'alone')
        UNION ALL
        SELECT id FROM authorizations_charge
        WHERE overridden_by_id = override_proposed_by_id AND NOT is_override_alone
        """,
    ),
)

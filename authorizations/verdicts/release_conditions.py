"""What must be true of the stored rows of a released charge, whatever the rules say of it.

The release of a charge and the nightly check of invariants ask the same queries: what one would
report, the other refuses. A fact may be missing where a manager overrode a rule about it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class ReleaseFact:
    """A fact of a charge: the sentence where it is missing, the rules whose override excuses it,
    and when it is missing. In the condition c is the charge and s its session.
    """

    sentence: str
    excused_by: tuple[str, ...]
    is_missing: str
    may_change_later: bool = False  # what is found after the release is marked for a coder

    @property
    def query(self) -> str:
        """The charges in which it is missing."""
        marked = "AND NOT EXISTS (SELECT 1 FROM authorizations_changedverdict m"
        later = f"{marked} WHERE m.charge_id = c.id)" if self.may_change_later else ""
        rules = ", ".join(f"'{number}'" for number in self.excused_by) or "''"
        return f"""
            SELECT c.id FROM authorizations_charge c
            JOIN authorizations_guidancesession s ON s.id = c.session_id
            WHERE ({self.is_missing}) {later} AND NOT EXISTS (
                SELECT 1 FROM authorizations_chargeevent e
                WHERE e.charge_id = c.id AND e.verb = 'confirm_override'
                AND e.details ->> 'by' IS DISTINCT FROM 'correction'
                AND (e.details ->> 'rule' IN ({rules})
                     OR jsonb_exists_any(e.details -> 'rules', ARRAY[{rules}])))
        """


# The last judgement of the charge, as text; canonical JSON has no spaces.
LATEST = """
    (SELECT {column} FROM authorizations_codingreview v WHERE v.charge_id = c.id
     ORDER BY v.id DESC LIMIT 1)
"""
# After the dates of a Medicare Advantage letter a coder decides: R51 holds and does not stop.
DECIDED_BY_A_CODER = '"number":"R51","sentence":"[^"]*","severity":"HOLD"'
RELEASE_FACTS = (
    ReleaseFact(
        "The session was taken back: there is nothing to bill.", (), "s.voided_at IS NOT NULL"
    ),
    ReleaseFact(
        "The treatment was not delivered: without it there is no guidance to bill.",
        ("R26",),
        "NOT s.is_delivered",
    ),
    ReleaseFact(
        "No approval of the images is on file: the physician signs before this can go.",
        ("R42",),
        """
        NOT EXISTS (SELECT 1 FROM authorizations_imagereview r
                    WHERE r.session_id = s.id AND r.decision = 'approved')
        """,
    ),
    ReleaseFact(
        "The images were approved after the next treatment began: a manager overrides it with a "
        "reason, or it is not billable.",
        ("R42", "R43"),
        """
        EXISTS (SELECT 1 FROM authorizations_imagereview r
                WHERE r.session_id = s.id AND r.decision = 'approved'
                AND r.reviewed_at >= (
                    SELECT min(n.started_at) FROM authorizations_guidancesession n
                    WHERE n.course_id = s.course_id AND n.is_delivered AND n.voided_at IS NULL
                    AND n.started_at > s.started_at))
        """,
        may_change_later=True,
    ),
    ReleaseFact(
        "The plan requires authorization, and this session holds no unit of a line that is in "
        "force for this code on this day: the front desk asks the payer.",
        ("R48", "R49", "R50", "R51"),
        f"""
        strpos({LATEST.format(column="v.facts")}, '"is_required":true') > 0
        AND strpos({LATEST.format(column="v.verdict")}, '"number":"R49"') = 0
        AND {LATEST.format(column="v.verdict")} !~ '{DECIDED_BY_A_CODER}'
        AND NOT EXISTS (
            SELECT 1 FROM authorizations_authorizedservice l
            JOIN authorizations_priorauthorization a ON a.id = l.authorization_id
            WHERE l.id = s.authorized_service_id AND l.decision IN ('approved', 'reduced')
            AND a.status NOT IN ('draft', 'withdrawn', 'cancelled') AND a.plan_id = c.plan_id
            AND c.date_of_service < coalesce(a.superseded_from, 'infinity')
            AND c.date_of_service BETWEEN l.valid_from AND l.valid_through
            AND (l.code = c.code OR c.date_of_service < '2026-01-01'))
        """,
        may_change_later=True,
    ),
)


MISSING = " UNION ALL ".join(
    f"SELECT {number} FROM ({fact.query} AND c.id = %(charge)s) lacking_{number}"
    for number, fact in enumerate(RELEASE_FACTS)
)


def missing_fact(charge: int) -> str | None:
    """The first fact this charge lacks to be released, as a sentence; None when it has all."""
    with connection.cursor() as cursor:
        cursor.execute(MISSING, {"charge": charge})
        lacking = [number for (number,) in cursor.fetchall()]
    return RELEASE_FACTS[min(lacking)].sentence if lacking else None


RELEASED_WITHOUT_A_FACT = " UNION ".join(
    f"({fact.query} AND c.status = 'released')" for fact in RELEASE_FACTS
)

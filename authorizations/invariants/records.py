"""What must hold of events, batches, counts, documents and waiting work."""

from __future__ import annotations

from authorizations.dashboards.rollups.verify import wrong_days
from authorizations.invariants.question import Invariant
from authorizations.invariants.walks import (
    changed_files,
    false_verdicts,
    illegal_walks,
    lost_documents,
    overlapping_rows,
    unpaired_moments,
)
from authorizations.models.triggers.awaited_reviews import WAITING

RECORDS = (
    Invariant(
        "I4",
        "The status of a case is that of its last event.",
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
        "I4b",
        "The events of a case are moves of its table, one from where the other ended, in time.",
        illegal_walks,
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
    Invariant("I5b", "Each moment has its person.", unpaired_moments),
    Invariant("I6", "Rows of one key are never in force on the same day.", overlapping_rows),
    Invariant(
        "I7",
        "A batch is worth the sum of the charges drawn into it, and of the rows that were sent.",
        """
        SELECT b.id FROM authorizations_batch b
        LEFT JOIN (SELECT batch_id, sum(units) AS units, sum(amount) AS amount
                   FROM authorizations_charge GROUP BY batch_id) c ON c.batch_id = b.id
        LEFT JOIN LATERAL (
            SELECT sum((r ->> 'units')::int) AS units, sum((r ->> 'amount')::numeric) AS amount
            FROM jsonb_array_elements(b.rows) r) sent ON true
        WHERE ROW(b.units, b.amount) IS DISTINCT FROM
                ROW(coalesce(c.units, 0), coalesce(c.amount, 0))
            OR ROW(b.units, b.amount) IS DISTINCT FROM
                ROW(coalesce(sent.units, 0), coalesce(sent.amount, 0))
        """,
    ),
    Invariant(
        "I7b",
        "Each charge of a batch is the row that was sent: code, day, units and dollars.",
        """
        SELECT coalesce(c.id, sent.charge)
        FROM (SELECT b.id AS batch, (r ->> 'charge_uid')::bigint AS charge, r
              FROM authorizations_batch b, jsonb_array_elements(b.rows) r
              WHERE (r ->> 'units')::int > 0) sent
        FULL JOIN (SELECT * FROM authorizations_charge WHERE batch_id IS NOT NULL) c
            ON c.id = sent.charge AND c.batch_id = sent.batch
        WHERE ROW(c.code, c.date_of_service::text, c.units, c.amount) IS DISTINCT FROM
            ROW(r ->> 'code', r ->> 'date_of_service', (r ->> 'units')::int,
                (r ->> 'amount')::numeric)
        """,
    ),
    Invariant("I7c", "The file of a batch is its rows, with its hash.", changed_files),
    Invariant("I8", "A stored verdict is given again.", false_verdicts, is_slow=True),
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
    Invariant("I14", "Each letter is there, as it was filed.", lost_documents, is_slow=True),
    Invariant(
        "I15",
        "No course has waited for more than an hour to be judged.",
        """
        SELECT course_id FROM authorizations_waitingjudgement
        WHERE asked_at < now() - interval '1 hour'
        """,
    ),
    Invariant(
        "I16",
        "No run of judging again has been unfinished for more than a day.",
        """
        SELECT id FROM authorizations_rejudgerun
        WHERE finished_at IS NULL AND started_at < now() - interval '1 day'
        """,
    ),
    Invariant(
        "I16b",
        "No release of many charges is unfinished for more than a day, and each has its answers.",
        """
        SELECT id FROM authorizations_releaserun r
        WHERE finished_at IS NULL AND asked_at < now() - interval '1 day'
            OR done <> (SELECT count(*) FROM authorizations_releaseanswer a WHERE a.run_id = r.id)
            OR released <> (SELECT count(*) FROM authorizations_releaseanswer a
                            WHERE a.run_id = r.id AND a.is_done)
        """,
    ),
)

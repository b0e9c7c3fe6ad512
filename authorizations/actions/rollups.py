"""Counting again the days on which something changed."""

from __future__ import annotations

from django.db import connection, transaction

from authorizations.models import StaleDay
from coding.rules.facts import GUIDANCE

LOCK = 77387_01
COUNTED = """
    SELECT c.date_of_service, c.facility_id, c.plan_id, count(*) AS treatments,
        count(*) FILTER (WHERE s.authorized_service_id IS NULL) AS uncovered,
        coalesce(sum(c.amount) FILTER (WHERE s.authorized_service_id IS NULL), 0) AS amount
    FROM authorizations_charge c JOIN authorizations_guidancesession s ON s.id = c.session_id
    WHERE c.code = %(code)s AND c.status NOT IN ('void', 'not_billable')
        AND s.is_delivered AND s.voided_at IS NULL {which}
    GROUP BY 1, 2, 3
"""
ASKED = """
    ({0}.date_of_service, {0}.facility_id) IN
    (SELECT * FROM unnest(%(days)s::date[], %(facilities)s::bigint[]))
"""


@transaction.atomic
def recount_days() -> int:
    """Count each stale day from its rows; how many days. One process at a time.

    A change that commits meanwhile has made its day stale once more, and stays to be counted.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("DELETE FROM authorizations_staleday RETURNING date_of_service, facility_id")
        stale = sorted(set(cursor.fetchall()))
        asked = {
            "code": GUIDANCE,
            "days": [day for day, _ in stale],
            "facilities": [facility for _, facility in stale],
        }
        cursor.execute(
            f"DELETE FROM authorizations_treatmentday t WHERE {ASKED.format('t')}", asked
        )
        counted = COUNTED.format(which=f"AND {ASKED.format('c')}")
        cursor.execute(
            "INSERT INTO authorizations_treatmentday (date_of_service, facility_id, plan_id,"
            " treatments, uncovered, uncovered_amount, counted_at)"
            f" SELECT found.*, now() FROM ({counted}) found",
            asked,
        )
    return len(stale)


def count_all_days() -> int:
    """Every day that has charges, from its rows: after rows came in past the triggers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO authorizations_staleday (date_of_service, facility_id)"
            " SELECT DISTINCT date_of_service, facility_id FROM authorizations_charge"
            " UNION SELECT DISTINCT date_of_service, facility_id FROM authorizations_treatmentday"
        )
    return recount_days() if StaleDay.objects.exists() else 0

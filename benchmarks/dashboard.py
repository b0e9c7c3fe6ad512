"""The payer dashboard and hot pages beside raw psycopg, as ratios (P2 and P5 of the goals).

Run it on a database of `manage.py make_history --sessions 500000` and on one of 5000000, with
DATABASE_URL naming each; the growth is the ratio of the two. `a` is fifty open charges read by
psycopg, page first, prepared.
"""

from __future__ import annotations

import functools
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DEBUG", "1")

ROUNDS = 7
PAGE = """
WITH page AS MATERIALIZED (
    SELECT id FROM authorizations_charge WHERE status IN ('captured', 'held', 'ready')
    ORDER BY date_of_service, id LIMIT 50)
SELECT c.*, k.code, p.last_name, p.first_name, n.code
FROM page JOIN authorizations_charge c USING (id)
JOIN authorizations_guidancesession s ON s.id = c.session_id
JOIN authorizations_course k ON k.id = s.course_id
JOIN authorizations_patient p ON p.id = k.patient_id
JOIN payers_plan n ON n.id = c.plan_id ORDER BY c.date_of_service, c.id
"""


def median(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Milliseconds, after one warm-up."""
    work()
    return statistics.median(milliseconds(work) for _ in range(rounds))


def milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from accounts.models import Membership, User

    settings.DEBUG, settings.ALLOWED_HOSTS = False, ["*"]
    user, _ = User.objects.get_or_create(username="benchmark")
    Membership.objects.get_or_create(user=user, role="manager", facility=None)
    connection.ensure_connection()
    raw = connection.connection
    a = median(lambda: raw.execute(PAGE, prepare=True).fetchall(), 50)
    print(f"{count('authorizations_guidancesession'):,} sessions; a = {a:.2f} ms")
    for label, work in figures(user):
        took = median(work)
        print(f"{label:34} {took:9.1f} ms {took / a:8.1f} a {blocks(work):9,} blocks")
    client = Client()
    client.force_login(user)
    for address in ("/payer-dashboard/", "/charges/", "/courses/", "/authorizations/", "/batches/"):
        work = functools.partial(answered, client, address)
        took = median(work)
        print(f"{address:34} {took:9.1f} ms {took / a:8.1f} a {blocks(work):9,} blocks")


def figures(user: object) -> list[tuple[str, Callable[[], object]]]:
    """Every figure of the dashboard, asked of the database as the page asks."""
    from datetime import timedelta

    from django.utils import timezone

    from authorizations.dashboards import FIGURES, Period, by_payer, totals
    from authorizations.dashboards.measures import by_base

    now = timezone.now()
    period = Period(user=user, now=now, since=now.date() - timedelta(days=89), until=now.date())
    standing = [figure for figure in FIGURES if figure.base.is_now]
    rest = [figure for figure in FIGURES if not figure.base.is_now]
    work: list[tuple[str, Callable[[], object]]] = [
        ("now, all payers", lambda: totals(standing, period)),
        ("now, by payer", lambda: by_payer(standing, period)),
        ("90 days, all payers", lambda: totals(rest, period)),
        ("90 days, by payer", lambda: by_payer(rest, period)),
    ]
    for base, mine in by_base(FIGURES).items():
        work.append((f"  {base.key}, by payer", lambda mine=mine: by_payer(mine, period)))
    return work


def answered(client: object, address: str) -> None:
    response = client.get(address)  # type: ignore[attr-defined]
    assert response.status_code == 200, address


def blocks(work: Callable[[], object]) -> int:
    """Blocks of eight kilobytes that its questions touch: the same however busy the machine is."""
    from django.db import connection

    asked: list[tuple[str, object]] = []

    def note(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if sql.startswith("SELECT"):
            asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        work()
    with connection.cursor() as cursor:
        return sum(touched(cursor, sql, params) for sql, params in asked)


def touched(cursor: object, sql: str, params: object) -> int:
    cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)  # type: ignore[attr-defined]
    plan = cursor.fetchone()[0][0]["Plan"]  # type: ignore[attr-defined]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def count(table: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    main()

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
PAGES = (
    "/payer-dashboard/",
    "/charges/?group=rule",
    "/courses/",
    "/authorizations/",
    "/batches/",
    "/image-reviews/",
)
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


def start(*roles: str) -> object:
    """Django's test client, signed in as somebody who holds these roles everywhere."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from accounts.models import Membership, User
    from authorizations.models import RememberedView

    settings.DEBUG, settings.ALLOWED_HOSTS = False, ["*"]
    user, _ = User.objects.get_or_create(username="benchmark")
    for role in roles:
        Membership.objects.get_or_create(user=user, role=role, facility=None)
    RememberedView.objects.filter(owner=user).delete()
    connection.ensure_connection()
    client = Client()
    client.force_login(user)
    return client


def main() -> None:
    client = start("manager", "front_desk", "coder", "physician")
    from accounts.models import User

    a = median(lambda: raw([PAGE]), 50)
    print(f"{count('authorizations_guidancesession'):,} sessions; a = {a:.2f} ms")
    print(f"{'':34} {'asked raw':>18} {'through Django':>22} {'blocks':>10}")
    for label, work in figures(User.objects.get(username="benchmark")):
        told(label, work, a)
    for address in PAGES:
        told(address, functools.partial(answered, client, address), a)


def told(label: str, work: Callable[[], object], a: float) -> None:
    """One line: its questions asked raw and prepared, as `a` is; the whole of it; its blocks."""
    questions = asked(work)
    alone, whole = median(lambda: raw(questions)), median(work)
    blocks = sum(map(touched, questions))
    print(
        f"{label:34} {alone:8.1f} ms {alone / a:5.1f} a {whole:10.1f} ms {whole / a:6.1f} a"
        f" {blocks:10,}"
    )


def figures(user: object) -> list[tuple[str, Callable[[], object]]]:
    """Every figure of the dashboard, of each payer and of all, asked as the page asks."""
    from datetime import timedelta

    from django.utils import timezone

    from authorizations.dashboards import FIGURES, Period, ask
    from authorizations.dashboards.evaluate import by_base

    now = timezone.now()

    def period() -> Period:
        since = now.date() - timedelta(days=89)
        return Period(user=user, now=now, since=since, until=now.date())

    standing = [figure for figure in FIGURES if figure.base.is_now]
    rest = [figure for figure in FIGURES if not figure.base.is_now]
    work: list[tuple[str, Callable[[], object]]] = [
        ("now", lambda: ask(standing, period())),
        ("90 days", lambda: ask(rest, period())),
    ]
    for base, mine in by_base(FIGURES).items():
        work.append((f"  {base.key}", lambda mine=mine: ask(mine, period())))
    return work


def answered(client: object, address: str) -> None:
    response = client.get(address)  # type: ignore[attr-defined]
    assert response.status_code == 200, address


def asked(work: Callable[[], object]) -> list[str]:
    """The questions it asks of the database, with their values."""
    from django.db import connection

    found: list[str] = []

    def note(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if sql.startswith("SELECT"):
            found.append(context["cursor"].mogrify(sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        work()
    return found


def raw(questions: list[str]) -> None:
    """Asked by psycopg alone, prepared."""
    import psycopg
    from django.db import connection

    with psycopg.Cursor(connection.connection) as cursor:
        for question in questions:
            cursor.execute(question.replace("%", "%%"), (), prepare=True)
            cursor.fetchall()


def touched(question: str) -> int:
    """Blocks of eight kilobytes that it touches: the same however busy the machine is."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + question.replace("%", "%%"), ())
        plan = cursor.fetchone()[0][0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def count(table: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    main()

"""A CSV written by PostgreSQL is the one that Python would write, byte for byte."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.utils import DataError
from django.utils import timezone

from accounts.exports import response as downloads
from accounts.exports.column import JOINED, ExportColumn
from accounts.exports.csv_writer import csv_pieces
from accounts.exports.postgres_copy import copied, field_of
from authorizations.dashboards import Period
from authorizations.dashboards import rowsets as bases
from authorizations.models import (
    AuthorizedService,
    Batch,
    Charge,
    GuidanceSession,
    PriorAuthorization,
)
from authorizations.web import export_columns as exports
from authorizations.worklists import querysets as queues
from tests import factories as make

pytestmark = pytest.mark.django_db
CHICAGO = ZoneInfo("America/Chicago")
NASTY = (
    "plain", "=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=1", 'a "quoted" word', "a, b", "one\ntwo",
    "one\r\ntwo", "", " ", " =1", "\\.", "NULL", "\\N", "ünïcode – 漢字 😀", "\u2028line", "\x1f",
    "%s %d",
    "100%", "a\\b", "'", '"', '"=1"', ";", "=", "\n",
)  # fmt: skip
MOMENTS = (
    datetime(2026, 11, 1, 6, 30, tzinfo=UTC),  # the hour that comes twice
    datetime(2026, 11, 1, 7, 30, tzinfo=UTC),
    datetime(2026, 3, 8, 8, 0, 0, 999_999, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=UTC),
)


def ever(user) -> Period:
    return Period(user, timezone.now(), date(1900, 1, 1), date(2099, 12, 31))


TABLES = {
    "course": (exports.COURSE, lambda user: queues.courses(user, timezone.now(), is_all=True)),
    "planned": (exports.PLANNED, lambda user: bases.planned(ever(user))),
    "answered": (exports.ANSWERED, lambda user: bases.first_answered_requests(ever(user))),
    "authorization": (exports.AUTHORIZATION, lambda user: PriorAuthorization.objects.all()),
    "charge": (exports.CHARGE, lambda user: Charge.objects.all()),
    "batch": (exports.BATCH, lambda user: Batch.objects.all()),
    "session": (exports.SESSION, lambda user: GuidanceSession.objects.all()),
    "line": (exports.LINE, lambda user: AuthorizedService.objects.all()),
}


@pytest.fixture
def nasty(facility, plan):
    """One of everything for each nasty word, in every place that takes a word."""
    for number, word in enumerate(NASTY):
        short, moment = word[:12], MOMENTS[number % len(MOMENTS)]
        patient = make.PatientFactory(last_name=word, first_name=word[::-1])
        course = make.CourseFactory(facility=facility, patient=patient, body_site=word)
        request = make.PriorAuthorizationFactory(
            course=course, plan=plan, facility=facility, number=f"{short}{number}",
            status="approved", received_on=moment, due_at=moment, decided_on=moment.date(),
        )  # fmt: skip
        make.AuthorizedServiceFactory(authorization=request, reason=word)
        session = make.GuidanceSessionFactory(
            course=course, facility=facility, machine=short, started_at=moment,
            modalities=["cbct", "kv_pair"][: number % 3],
        )  # fmt: skip
        make.BatchFactory(facility=facility)
        make.ChargeFactory(
            session=session, plan=plan, modifiers=["26", "76"][: number % 3],
            amount=(None, Decimal("0.00"), Decimal("1234.50"))[number % 3],
        )  # fmt: skip


# Columns that several lists share are no list of their own.
PARTS = {"PLAN", "CHARGE_IDENTITY", "CHARGE_REFERENCE"}


def both(rows, columns, zone=CHICAGO) -> tuple[bytes, bytes]:
    headings = [column.heading for column in columns]
    quick = copied(rows, columns, zone)
    assert quick is not None, "the database writes this list"
    by_python = "".join(csv_pieces(headings, downloads.cells(rows, columns, zone)))
    return b"".join(quick), by_python.encode()


@pytest.mark.parametrize("table", TABLES)
def test_the_database_writes_what_python_would(nasty, manager, table):
    columns, rows_for = TABLES[table]
    quick, by_python = both(rows_for(manager.user).order_by("-pk"), columns)
    assert quick == by_python
    assert quick.count(b"\r\n") > len(NASTY)


def test_every_list_of_the_app_is_tried(nasty):
    named = {value for name, value in vars(exports).items() if name.isupper() and name not in PARTS}
    assert named - {columns for columns, _ in TABLES.values()} == {
        value for value in named if not isinstance(value, tuple)
    }


def test_flags_and_filters_of_nasty_words_are_written_alike(nasty):
    rows = GuidanceSession.objects.filter(machine__in=NASTY).order_by("pk")
    columns = (ExportColumn("machine", "machine"), ExportColumn("delivered", "is_delivered"))
    quick, by_python = both(rows, columns, ZoneInfo("Asia/Kathmandu"))
    assert quick == by_python
    assert b"True" in quick


def test_what_cannot_be_said_in_sql_is_left_to_python(nasty):
    rows = GuidanceSession.objects.all()
    by_hand = (ExportColumn("pk", "pk"), ExportColumn("machine", "machine", str.upper))
    assert copied(rows, by_hand, CHICAGO) is None
    assert copied(rows, (ExportColumn("pk", "pk"),), CHICAGO) is None  # a lone empty cell is quoted
    unnamed = (ExportColumn("pk", "pk"), ExportColumn("started", "started_at"))
    assert copied(rows, unnamed, timezone.get_fixed_timezone(60)) is None
    joined = (ExportColumn("pk", "pk"), ExportColumn("machine", "machine", JOINED))
    assert copied(rows, joined, CHICAGO) is None
    assert copied(rows.none(), exports.SESSION, CHICAGO) is None
    assert field_of(rows, "course__pk").get_internal_type() == "BigAutoField"


def test_a_failure_at_the_first_row_is_an_error_and_no_file(nasty):
    broken = GuidanceSession.objects.extra(
        where=["1 / (authorizations_guidancesession.fraction - fraction) > 0"]
    )
    quick = copied(broken, exports.SESSION, CHICAGO)
    with pytest.raises(DataError):
        next(quick)


@pytest.mark.django_db(transaction=True)
def test_a_failure_midway_breaks_off_and_leaves_the_connection_whole(nasty, monkeypatch):
    monkeypatch.setattr("accounts.exports.postgres_copy.PIECE_BYTES", 1)
    third_fails = "COPY (SELECT 1 / (3 - n), n FROM generate_series(1, 5) n) TO STDOUT CSV"
    monkeypatch.setattr("accounts.exports.postgres_copy.statement", lambda *given: third_fails)
    sent = copied(GuidanceSession.objects.all(), exports.SESSION, CHICAGO)
    assert next(sent)
    with pytest.raises(DataError):
        list(sent)
    assert GuidanceSession.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_whoever_stops_listening_ends_the_statement(nasty, monkeypatch):
    monkeypatch.setattr("accounts.exports.postgres_copy.PIECE_BYTES", 1)
    sent = copied(GuidanceSession.objects.order_by("pk"), exports.SESSION, CHICAGO)
    assert next(sent)
    sent.close()
    assert connection.connection.info.transaction_status.name == "IDLE"
    assert GuidanceSession.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_page_may_ask_more_after_the_file_is_promised(nasty, client_of):
    client = client_of("coder")
    kept = client.session
    kept["seen"] = "changed, so that it is saved after the page is made"
    kept.save()
    response = client.get("/charges/", {"export": "csv", "status": "any"})
    assert Charge.objects.count() == len(NASTY)
    first, *rest = response.streaming_content
    assert first.startswith(b"charge,")
    assert (first + b"".join(rest)).endswith(b"\r\n")

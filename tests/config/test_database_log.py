"""A made-up patient is in no line of PostgreSQL's log nor of the application's."""

from __future__ import annotations

import logging
import threading

import psycopg
import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.db import DatabaseError, connection, transaction

from accounts.database.log_settings import NO_VALUES_IN_LOG
from authorizations.models import Coverage, Patient
from config.logs import WithoutValues
from tests import factories as make

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        settings.DATABASES["default"]["ENGINE"] != "config.embedded_postgresql",
        reason="reads the log of the embedded server",
    ),
]
MRN, NAME, BORN, MEMBER = "CANARY0", "Zcanaryname", "1977-07-07", "MCANARY77"
CANARY = ("canary", BORN, "7777-7")


@pytest.fixture
def log():
    """What the server has written into its log since the test began."""
    from config.embedded_postgresql.base import cluster

    path = cluster().log
    begun = path.stat().st_size

    def read() -> str:
        with path.open("rb") as opened:
            opened.seek(begun)
            return opened.read().decode(errors="replace")

    return read


@pytest.fixture
def canary(plan):
    patient = make.PatientFactory(mrn=MRN, last_name=NAME, date_of_birth=BORN)
    make.CoverageFactory(patient=patient, plan=plan, member_id=MEMBER)
    return patient


def twice() -> None:
    Patient.objects.create(mrn=MRN, last_name=NAME, first_name=NAME, date_of_birth=BORN)


def crossed() -> None:
    Coverage.objects.filter(member_id=MEMBER).update(effective_through=BORN)


def too_long() -> None:
    Patient.objects.filter(mrn=MRN).update(last_name=NAME * 40)


def wrong_date() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT '{NAME}'::date")


def slow() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 40")
        cursor.execute("SELECT pg_sleep(1), %s", [NAME])


def unknown_column() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO authorizations_patient (mrm) VALUES ('{NAME}')")


FAILING = (twice, crossed, too_long, wrong_date, slow, unknown_column)


def failure(work) -> DatabaseError:
    with pytest.raises(DatabaseError) as caught, transaction.atomic():
        work()
    return caught.value


def without_patient(text: str) -> None:
    assert not [word for word in CANARY if word in text.lower()]


# PostgreSQL itself quotes what is no date; forms read dates before it is asked.
LOGGED = tuple(work for work in FAILING if work is not wrong_date)


@pytest.mark.parametrize("work", LOGGED, ids=lambda work: work.__name__)
def test_the_database_log_names_the_failure_and_no_patient(canary, log, work):
    failure(work)
    assert "ERROR:" in log()
    without_patient(log())


def test_the_database_log_of_a_deadlock_names_no_patient(canary, log):
    parameters = {
        name: value
        for name, value in connection.get_connection_params().items()
        if name not in ("context", "cursor_factory", "prepare_threshold")
    }
    ready, failed = threading.Barrier(2), []

    def lock(first: int, second: int) -> None:
        with psycopg.connect(**parameters) as opened:
            opened.execute(f"SELECT pg_advisory_xact_lock({first})")
            ready.wait(20)
            try:
                opened.execute(f"SELECT pg_advisory_xact_lock({second}), '{NAME}'")
            except psycopg.errors.DeadlockDetected as error:
                failed.append(error)

    threads = [threading.Thread(target=lock, args=pair) for pair in ((77, 78), (78, 77))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(failed) == 1
    assert "deadlock detected" in log()
    without_patient(log())


def line_of(error: BaseException) -> str:
    """The line and traceback of the application's log."""
    record = logging.LogRecord(
        "django.request", logging.ERROR, __file__, 1, "Failed: %s", (error,),
        (type(error), error, error.__traceback__),
    )  # fmt: skip
    return WithoutValues("%(levelname)s %(message)s").format(record)


@pytest.mark.parametrize("work", FAILING, ids=lambda w: w.__name__)
def test_the_applications_log_names_the_failure_and_no_patient(canary, work):
    error = failure(work)
    told = line_of(error)
    assert "Traceback" in told
    assert type(error).__name__ in told
    without_patient(told)


def test_the_logs_of_the_settings_leave_values_out():
    assert settings.LOGGING["formatters"]["line"]["()"] == "config.logs.WithoutValues"


def test_a_server_that_logs_statements_is_named_by_the_deploy_check():
    def named() -> list[str]:
        found = run_checks(include_deployment_checks=True, databases=["default"])
        return [check.msg for check in found if check.id == "accounts.W002"]

    assert named() == []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL log_min_error_statement = 'error'")
    assert len(named()) == 1
    assert set(NO_VALUES_IN_LOG) > {"log_min_error_statement"}

"""The application's own database role: history, events and the access log are beyond its reach."""

from __future__ import annotations

from io import StringIO

import psycopg
import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, connections, transaction
from psycopg import errors

from accounts.database.roles import application_role, as_owner, declared_privileges, is_history
from accounts.models import AccessEvent, Facility
from authorizations.models import Charge, ChargeEvent
from config.database import databases
from tests import factories as make

pytestmark = pytest.mark.django_db
APPLICATION = "postgresql://ledger:a@db.example.org/ledger"


def protected_tables() -> list[str]:
    """Every table of the past, of events, and of who saw what, as the models name them."""
    words = ("History", "Event", "LogEntry", "CodingReview", "ImportedRow", "SessionCorrection")
    return [
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.managed and (is_history(model) or model.__name__.endswith(words))
    ] + ["pghistory_context", "authorizations_batch"]


@pytest.fixture
def application():
    """A connection of its own, signed in as the application's role."""
    if not application_role():
        pytest.skip("these tests run on a server with one role")
    parameters = {**connection.get_connection_params(), "user": application_role()}
    for ours in ("context", "cursor_factory", "prepare_threshold"):
        parameters.pop(ours, None)
    with psycopg.connect(**parameters, autocommit=True) as opened:
        yield opened


@pytest.fixture
def as_application(request):
    """This test's own transaction, from here on in the application's role, the switch set."""
    if not application_role():
        pytest.skip("these tests run on a server with one role")

    def change() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT array_agg(tgname)::text FROM pg_trigger WHERE NOT tgisinternal")
            everything = cursor.fetchone()[0]
            cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [everything])
            cursor.execute(f"SET LOCAL ROLE {application_role()}")

    return change


def refused(work, message: str) -> None:
    with pytest.raises(ProgrammingError, match=message), transaction.atomic():
        work()


def run(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize("table", protected_tables())
def test_the_application_can_neither_change_nor_delete_what_is_past(application, table):
    column = application.execute(f'SELECT * FROM "{table}" LIMIT 0').description[0].name
    for statement in (
        f'UPDATE "{table}" SET "{column}" = "{column}"',
        f'DELETE FROM "{table}"',
        f'TRUNCATE "{table}"',
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            application.execute(statement)


def test_the_role_may_do_what_is_declared_and_nothing_else(application):
    rows = application.execute(
        "SELECT c.relname, array_agg(p.what ORDER BY p.what) FROM pg_class c,"
        " unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES',"
        " 'TRIGGER']) p(what) WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'"
        " AND has_table_privilege(c.oid, p.what) GROUP BY c.relname"
    ).fetchall()
    assert dict(rows) == {name: sorted(given) for name, given in declared_privileges().items()}


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (n int)",
        "ALTER TABLE accounts_facility ADD COLUMN mine int",
        "ALTER TABLE accounts_accessevent DISABLE TRIGGER ALL",
        "DROP TRIGGER history_context_is_unchanged ON pghistory_context",
        "DROP TABLE accounts_accessevent",
        "SET session_replication_role = 'replica'",
        "SET ROLE postgres",
        "SELECT _pgh_attach_context()",
        "CREATE SCHEMA mine",
        "INSERT INTO accounts_facilityhistory (pgh_id) VALUES (1)",
        "INSERT INTO as_known.accounts_facilityhistory (pgh_id) VALUES (1)",
    ],
)
def test_the_application_makes_no_tables_and_switches_nothing_off(application, statement):
    with pytest.raises((errors.InsufficientPrivilege, errors.InvalidSchemaName)):
        application.execute(statement)


def test_no_function_of_the_database_can_be_replaced_by_the_application(application):
    rows = application.execute(
        "SELECT proname FROM pg_proc WHERE proowner = current_user::regrole"
        " OR pronamespace = 'public'::regnamespace AND prosecdef"
        " AND has_function_privilege(oid, 'EXECUTE')"
    ).fetchall()
    assert rows == []


def test_no_setting_leaves_a_trigger_out(as_application, course):
    event = make.AccessEventFactory()
    charge = make.ChargeEventFactory().charge
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(tgname)::text FROM pg_trigger WHERE NOT tgisinternal")
        run("SELECT set_config('pgtrigger.ignore', %s, true)", cursor.fetchone()[0])
    refused(lambda: AccessEvent.objects.filter(pk=event.pk).delete(), "Cannot update or delete")
    refused(lambda: ChargeEvent.objects.update(reason="never happened"), "Cannot update or delete")
    Charge.objects.filter(pk=charge.pk).update(status="void")
    refused(lambda: Charge.objects.filter(pk=charge.pk).update(status="ready"), "Invalid")
    assert charge.history.count() == 2


def test_the_application_writes_history_it_cannot_write_itself(as_application, course):
    as_application()
    Facility.objects.filter(pk=course.facility_id).update(name="Renamed")
    assert course.facility.history.latest("pgh_id").name == "Renamed"
    refused(lambda: course.facility.history.update(name="Never"), "permission denied")


def test_a_temporary_table_of_the_same_name_takes_no_history(as_application, course):
    as_application()
    run("CREATE TEMPORARY TABLE accounts_facilityhistory (LIKE public.accounts_facilityhistory)")
    run("UPDATE accounts_facility SET name = 'Renamed'")
    run("DROP TABLE pg_temp.accounts_facilityhistory")
    assert course.facility.history.latest("pgh_id").name == "Renamed"


def recorded_by(user: int, context: str = "6d3e1ad0-0000-4000-8000-000000000001") -> None:
    """A change of every facility in the name of somebody."""
    run(
        "SELECT set_config('pghistory.context_id', %s, true),"
        " set_config('pghistory.context_metadata', %s, true)",
        context,
        f'{{"user": {user}, "page": "/"}}',
    )
    run("UPDATE accounts_facility SET name = name || '.'")


def test_who_made_a_change_stays_who_made_it(as_application, course):
    as_application()
    recorded_by(5)
    recorded_by(5)
    refused(lambda: recorded_by(4), "Cannot change who")
    refused(lambda: run("UPDATE pghistory_context SET metadata = '{}'"), "permission denied")
    run("RESET ROLE")
    for statement in (
        "UPDATE pghistory_context SET metadata = '{\"user\": 4}'",
        "DELETE FROM pghistory_context",
    ):
        refused(lambda sql=statement: run(sql), "Cannot change who")


def test_what_was_not_yet_known_of_a_change_is_added(course):
    run(
        "INSERT INTO pghistory_context (created_at, updated_at, id, metadata)"
        " VALUES (now(), now(), gen_random_uuid(), '{\"user\": null}')"
    )
    run('UPDATE pghistory_context SET metadata = \'{"user": 4, "page": "/"}\'')
    with connection.cursor() as cursor:
        cursor.execute("SELECT metadata ->> 'page' FROM pghistory_context")
        assert ("/",) in cursor.fetchall()


def test_migrations_are_run_by_the_owner_and_the_rest_by_the_application():
    found = databases(
        {
            "DATABASE_URL": APPLICATION,
            "DATABASE_OWNER_URL": "postgresql://boss:b@db.example.org/ledger",
        },
        debug=False,
    )["default"]
    assert (found["USER"], found["OWNER"]["USER"]) == ("ledger", "boss")
    assert found["APPLICATION_ROLE"] == "ledger"
    assert databases({}, debug=True)["default"]["OWNER"] == {"USER": "postgres"}


@pytest.mark.parametrize("owner", [APPLICATION, "postgresql://boss:b@db.example.org/other"])
def test_an_owner_that_does_not_fit_is_refused(owner):
    with pytest.raises(ImproperlyConfigured, match="must name the same database"):
        databases({"DATABASE_URL": APPLICATION, "DATABASE_OWNER_URL": owner}, debug=False)


def test_privileges_can_be_given_again_at_any_time(as_application, monkeypatch):
    told = StringIO()
    run(f"GRANT UPDATE ON accounts_accessevent TO {application_role()}")
    call_command("grant_privileges", stdout=told)
    assert "may now do what is declared, and nothing else" in told.getvalue()
    as_application()
    refused(lambda: run("UPDATE accounts_accessevent SET id = id"), "permission denied")
    monkeypatch.setitem(connection.settings_dict, "APPLICATION_ROLE", None)
    with pytest.raises(CommandError, match="Set DATABASE_OWNER_URL"):
        call_command("grant_privileges")


def test_migrations_work_as_the_owner_and_what_follows_as_the_application(monkeypatch):
    """The names are exchanged for the time of the work, and the connection is made anew."""
    made = connections.create_connection("default")
    made.settings_dict = {**connection.settings_dict, "USER": "ledger", "OWNER": {"USER": "boss"}}
    monkeypatch.setattr("accounts.database.roles.connections", {"default": made})
    with as_owner():
        assert made.settings_dict["USER"] == "boss"
    assert made.settings_dict["USER"] == "ledger"

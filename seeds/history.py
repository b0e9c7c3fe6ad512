"""Years of a made-up network, written by the database itself in a few statements.

For measuring only. Nobody in it is real; the same numbers give the same rows. Its rows obey every
constraint and invariant, but they were not made by actions: nothing was judged, no verdict stored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, models, transaction

from accounts.models import Facility, Provider, system_user
from accounts.past.history_views import history_of, moment_of
from authorizations import models as cases
from authorizations.dashboards.rollups.refresh import count_all_days
from authorizations.models.machine_channels import COMMAND_LINE
from authorizations.models.triggers.awaited_reviews import TABLE, WAITING
from payers.models import Plan
from seeds.history_sql import COURSES, DAYS, PLANS, SESSIONS, table_expressions

MADE = (
    cases.Patient,
    cases.Coverage,
    cases.Course,
    cases.PriorAuthorization,
    cases.AuthorizedService,
    cases.AuthorizationEvent,
    cases.GuidanceSession,
    cases.ImageReview,
    cases.Batch,
    cases.Charge,
    cases.ChargeEvent,
)
LARGE = (cases.GuidanceSession, cases.ImageReview, cases.Charge)
FRACTIONS = 30  # of a course, on average
NPI_FIRST = "1000000004"


@dataclass(frozen=True)
class Size:
    """How much is made."""

    sessions: int
    days: int = 1500
    facilities: int = 10

    @property
    def courses(self) -> int:
        return max(self.sessions // FRACTIONS, 1)


class NotEmpty(Exception):
    """The department has cases: made-up years would be mixed with them."""


class NoPlans(Exception):
    """There is no plan for anybody to be covered by: nothing at all would be made."""


@transaction.atomic
def make_history(size: Size, *, with_history: bool, tell: Callable[[str], Any]) -> None:
    """Fill an empty department. ``with_history``: of sessions and charges too.

    Raises NotEmpty, or NoPlans before the reference data is seeded.
    """
    if any(model._base_manager.exists() for model in MADE):
        raise NotEmpty
    if not Plan.objects.exists():
        raise NoPlans
    facts = prepared(size)
    with connection.cursor() as cursor:
        for statement in (DAYS, PLANS, COURSES, SESSIONS):
            cursor.execute(statement, facts)
        for model in MADE:
            switch(cursor, model, "DISABLE")
            cursor.execute(*insert(model, facts))
            tell(f"{model._meta.verbose_name_plural}: {cursor.rowcount:,}")
            if with_history or model not in LARGE:
                remember(cursor, model)
            switch(cursor, model, "ENABLE")
            continue_numbers(cursor, model)
            # Unknown to the planner, these rows would be joined one by one when days are counted.
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')
        cursor.execute(f"INSERT INTO {TABLE} (session_id) {WAITING}")
    tell(f"days counted: {count_all_days():,}")


def prepared(size: Size) -> dict[str, Any]:
    """The places and people the rows belong to, and the sizes the statements ask for."""
    by = system_user()
    places = [
        Facility.objects.get_or_create(
            code=f"H{number:02}",
            defaults={
                "name": f"Made-up Radiation Center {number}",
                "place_of_service": "22",
                "state": "IL",
                "machines": ["LINAC1", "LINAC2", "LINAC3"],
            },
        )[0]
        for number in range(size.facilities)
    ]
    channel, _ = cases.MachineChannel.objects.get_or_create(
        name=COMMAND_LINE, defaults={"made_by": by}
    )
    doctor, _ = Provider.objects.get_or_create(
        npi=NPI_FIRST, defaults={"name": "Dr Made Up", "role": "radiation_oncologist"}
    )
    return {
        "by": by.pk,
        "doctor": doctor.pk,
        "channel": channel.pk,
        "facilities": [place.pk for place in places],
        "plans": list(Plan.objects.order_by("code").values_list("pk", flat=True)),
        "days": size.days,
        "courses": size.courses,
    }


def insert(model: type[models.Model], facts: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """All rows of a table; what the source does not say takes the model's own default."""
    given, source = table_expressions(model.__name__)
    columns, values, defaults = [], [], {}
    for field in model._meta.concrete_fields:
        columns.append(f'"{field.column}"')
        values.append(given.get(field.column) or f"%(default_{field.column})s")
        if field.column not in given:
            defaults[f"default_{field.column}"] = prepared_default(field)
    names, expressions = ", ".join(columns), ", ".join(values)
    query = f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {expressions} FROM {source}'
    return query, {**facts, **defaults}


def prepared_default(field: models.Field) -> Any:
    if field.has_db_default() and not field.has_default():
        value = field.db_default
    else:
        value = None if field.null and not field.has_default() else field.get_default()
    return field.get_db_prep_save(getattr(value, "value", value), connection)


def remember(cursor: Any, model: type[models.Model]) -> None:
    """The history that the triggers would have written, had the rows come as they stand now."""
    past = history_of(model)
    if past is None:
        return
    names = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    moment = f'"{moment_of(model).column}"' if moment_of(model) else "'2020-01-01'::timestamptz"
    cursor.execute(
        f'INSERT INTO "{past._meta.db_table}"'
        f" ({names}, pgh_obj_id, pgh_label, pgh_created_at)"
        f" SELECT {names}, id, 'insert', {moment} FROM \"{model._meta.db_table}\" ORDER BY id"
    )


def switch(cursor: Any, model: type[models.Model], way: str) -> None:
    """Triggers off while rows are written at once, on again afterwards, in one transaction."""
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    which = "ALL" if cursor.fetchone()[0] else "USER"
    if way == "DISABLE":
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute(f'ALTER TABLE "{model._meta.db_table}" {way} TRIGGER {which}')


def continue_numbers(cursor: Any, model: type[models.Model]) -> None:
    """The next row takes the next number."""
    table = model._meta.db_table
    cursor.execute(
        "SELECT setval(pg_get_serial_sequence(%s, 'id'),"
        f' coalesce((SELECT max(id) FROM "{table}"), 1))',
        [table],
    )


def analyze() -> None:
    """What the planner knows of the tables follows what is in them."""
    with connection.cursor() as cursor:
        for model in MADE:
            cursor.execute(f'VACUUM (ANALYZE) "{model._meta.db_table}"')

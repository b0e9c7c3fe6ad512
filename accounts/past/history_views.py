"""The tables as they were known at a past moment: a view for each, over its recorded history.

Inside the schema ``as_known`` a table's name is a view. With that schema first on the search path
every question the app knows how to ask is answered as of ``ledger.known_at``, unchanged.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connections, models, transaction
from django.db.backends.utils import CursorWrapper

SCHEMA = "as_known"
MOMENT = "current_setting('ledger.known_at')::timestamptz"
# Who may see what is asked of today, and these are about the asking, not about the cases.
ALWAYS_TODAY = frozenset(
    {
        "accounts.Membership",
        "accounts.ProposedChange",
        "accounts.AccessEvent",
        "accounts.SentForm",
        "accounts.SignInFailure",
        "coding.DiagnosisCode",
        "authorizations.AwaitedReview",
        "authorizations.ChargeVisit",
        "authorizations.CountedSubject",
        "authorizations.JobRun",
        "authorizations.KeptCount",
        "authorizations.OpenRow",
        "authorizations.RememberedView",
        "authorizations.SheetDraft",
        "authorizations.StaleDay",
    }
)
Columns = dict[str, set[str]]


def history_of(model: type[models.Model]) -> type[models.Model] | None:
    """The model of a table's past; None where none is kept."""
    relation = {r.get_accessor_name(): r for r in model._meta.related_objects}.get("history")
    return relation.related_model if relation else None


def moment_of(model: type[models.Model]) -> models.Field | None:
    """When a row that never changes was written; None where no column says so."""
    fields = (f for f in model._meta.concrete_fields if getattr(f, "auto_now_add", False))
    return next(fields, None)


def parent_of(model: type[models.Model]) -> models.ForeignKey | None:
    """The row whose moment is also this one's, as the model says in ``known_through``."""
    name = getattr(model, "known_through", None)
    return model._meta.get_field(name) if name else None


def views(columns: Columns) -> Iterator[str]:
    """One statement for each table that has a past. Columns are those the database has now."""
    for model in apps.get_models():
        if model._meta.label in ALWAYS_TODAY or model._meta.db_table not in columns:
            continue
        history = history_of(model)
        if history:
            yield past_rows(model, history, columns[model._meta.db_table])
            yield recorded_rows(history, "pgh_created_at")
        elif is_ours(model) and parent_of(model):
            yield rows_of_parent(model, parent_of(model))
        elif is_ours(model) and moment_of(model):
            yield recorded_rows(model, moment_of(model).column)


def is_ours(model: type[models.Model]) -> bool:
    """Whether it is a table of this project and not itself a history."""
    label, names = model._meta.app_label, {field.name for field in model._meta.fields}
    return label in {"accounts", "coding", "payers", "authorizations"} and "pgh_id" not in names


def past_rows(model: type[models.Model], history: type[models.Model], present: set[str]) -> str:
    """The last state of each row by then, unless that was its end."""
    table, past = model._meta.db_table, history._meta.db_table
    names = (f.column for f in model._meta.concrete_fields if f.column in present)
    chosen = (
        f'h.pgh_obj_id AS "{name}"' if name == model._meta.pk.column else f'h."{name}"'
        for name in names
    )
    return f"""
        CREATE VIEW {SCHEMA}."{table}" AS SELECT {", ".join(chosen)} FROM "{past}" h
        WHERE h.pgh_created_at <= {MOMENT} AND h.pgh_label <> 'delete' AND NOT EXISTS (
            SELECT 1 FROM "{past}" later WHERE later.pgh_obj_id = h.pgh_obj_id
            AND later.pgh_id > h.pgh_id AND later.pgh_created_at <= {MOMENT})"""


def recorded_rows(model: type[models.Model], moment: str) -> str:
    """The rows that were written by then, of a table whose rows never change."""
    table = model._meta.db_table
    return f"""
        CREATE VIEW {SCHEMA}."{table}" AS SELECT * FROM "{table}"
        WHERE "{moment}" <= {MOMENT}"""


def rows_of_parent(model: type[models.Model], link: models.ForeignKey) -> str:
    """The rows whose parent was written by then."""
    table, parent = model._meta.db_table, link.related_model
    return f"""
        CREATE VIEW {SCHEMA}."{table}" AS SELECT t.* FROM "{table}" t
        WHERE EXISTS (SELECT 1 FROM "{parent._meta.db_table}" p WHERE p.id = t."{link.column}"
            AND p."{moment_of(parent).column}" <= {MOMENT})"""


def step_aside(*, plan: list[Any] | None = None, using: str = "default", **_: Any) -> None:
    """Before tables change shape: the views would hold their columns fast."""
    if plan:
        with connections[using].cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


def refresh(*, using: str = "default", **_: Any) -> None:
    """After every migration: the views follow the tables. Does nothing when they already do."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        statements = list(views(present_columns(cursor)))
        written = hashlib.sha256("\n".join(statements).encode()).hexdigest()
        cursor.execute("SELECT obj_description(to_regnamespace(%s), 'pg_namespace')", [SCHEMA])
        if cursor.fetchone()[0] == written:
            return
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute(f"COMMENT ON SCHEMA {SCHEMA} IS '{written}'")


def present_columns(cursor: CursorWrapper) -> Columns:
    """The columns of every table, as the database has them."""
    cursor.execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema()"
    )
    found: Columns = defaultdict(set)
    for table, column in cursor.fetchall():
        found[table].add(column)
    return found

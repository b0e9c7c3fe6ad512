"""What a single query cannot ask: walks along events, periods, verdicts and files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date

from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import connection, models
from django.db.models import F, Max, Q, RowRange, Value, Window
from django.db.models.functions import Coalesce

from accounts.database.constraints import DateSpan
from authorizations.exchange.charges_csv import COLUMNS, write_rows
from authorizations.models import (
    AuthorizationEvent,
    Batch,
    ChargeEvent,
    Document,
)
from authorizations.models.charges import JUDGED
from authorizations.prior_authorizations.documents import path_of
from authorizations.verdicts.replay import replay
from authorizations.workflow import AUTHORIZATION_MOVES, CHARGE_MOVES, UNDO_MOVES, Move

MOVES_OF_REQUESTS = AUTHORIZATION_MOVES + UNDO_MOVES
FIRST_STATES = ["captured", "draft"]
OURS = ("accounts", "coding", "payers", "authorizations")


def legal_pairs(table: tuple[Move, ...], more: tuple[tuple[str, str], ...] = ()) -> list[str]:
    """Each move as 'from>to'; an event that changes no status is told of wherever a case is."""
    moved = {f"{old}>{row.after(old)}" for row in table for old in row.from_states}
    states = {state for pair in moved for state in pair.split(">")}
    return sorted(moved | {f"{old}>{new}" for old, new in more} | {f"{s}>{s}" for s in states})


def illegal_walks() -> list[int]:
    """Charges and requests with an event that no table allows, that begins elsewhere than the one
    before ended, or that is older than the one before.
    """
    return [
        *illegal_walks_of(ChargeEvent, "charge_id", legal_pairs(CHARGE_MOVES, JUDGED)),
        *illegal_walks_of(AuthorizationEvent, "authorization_id", legal_pairs(MOVES_OF_REQUESTS)),
    ]


def illegal_walks_of(model: type[models.Model], case: str, pairs: list[str]) -> list[int]:
    query = f"""
        SELECT DISTINCT {case} FROM (
            SELECT {case}, verb, old_status, new_status, at,
                lag(new_status, 1, '') OVER walk AS before,
                coalesce(lag(at) OVER walk, at) AS before_at
            FROM {model._meta.db_table} WINDOW walk AS (PARTITION BY {case} ORDER BY id)) e
        WHERE old_status <> before OR at < before_at
            OR old_status = '' AND new_status <> ALL (%s) AND verb <> 'import'
            OR old_status <> '' AND old_status || '>' || new_status <> ALL (%s)
    """
    with connection.cursor() as cursor:
        cursor.execute(query, [FIRST_STATES, pairs])
        return [row[0] for row in cursor.fetchall()]


def our_models() -> Iterator[type[models.Model]]:
    """Every table of the project that is not itself a history."""
    for app in OURS:
        for model in apps.get_app_config(app).get_models():
            if not hasattr(model, "pgh_tracked_model"):
                yield model


def unpaired_moments() -> list[int]:
    """Rows with a moment and no person, or a person and no moment."""
    found: list[int] = []
    for model in our_models():
        names = {field.name for field in model._meta.concrete_fields}
        for at in (name for name in names if name.endswith("_at")):
            by = f"{at.removesuffix('_at')}_by"
            if by in names:
                one = Q(**{f"{at}__isnull": True, f"{by}__isnull": False})
                other = Q(**{f"{at}__isnull": False, f"{by}__isnull": True})
                found += model._base_manager.filter(one | other).values_list("pk", flat=True)
    return found


def overlapping_rows() -> list[int]:
    """Rows that are in force on a day on which another row of their key is too."""
    found: list[int] = []
    for model in our_models():
        for constraint in model._meta.constraints:
            if isinstance(constraint, ExclusionConstraint):
                found += overlaps(model, constraint)
    return found


def overlaps(model: type[models.Model], constraint: ExclusionConstraint) -> list[int]:
    """Rows that begin before an earlier one of their key has ended."""
    keys = [expression for expression, operator in constraint.expressions if operator == "="]
    spans = [e for e, _ in constraint.expressions if isinstance(e, DateSpan)]
    if not spans:
        return []
    start, end = (part.name for part in spans[0].get_source_expressions())
    rows = model._base_manager.filter(constraint.condition or Q())
    rows = rows.annotate(
        **{f"key_{n}": F(k) if isinstance(k, str) else k for n, k in enumerate(keys)}
    )
    rows = rows.filter(**{f"key_{n}__isnull": False for n in range(len(keys))})
    ended = Window(
        Max(Coalesce(F(end), Value(date.max))),
        partition_by=[F(f"key_{n}") for n in range(len(keys))],
        order_by=(F(start).asc(), F("pk").asc()),
        frame=RowRange(None, -1),
    )
    late = rows.annotate(ended=ended).filter(ended__gte=F(start)).order_by("pk")
    return list(late.values_list("pk", flat=True))


def false_verdicts() -> list[int]:
    """Stored verdicts of this edition of the rulebook that would be given otherwise today."""
    return [row.review.pk for row in replay() if not row.is_same and not row.is_older]


def lost_documents() -> list[int]:
    """Letters and proofs whose file is missing or is not the one that was filed."""
    return [
        pk
        for pk, digest in Document.with_struck.order_by("pk").values_list("pk", "sha256").iterator()
        if not is_filed(digest)
    ]


def is_filed(digest: str) -> bool:
    path = path_of(digest)
    if not path.is_file():
        return False
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest() == digest


def changed_files() -> list[int]:
    """Batches whose file is no longer what their rows say, or what its hash says."""
    return [
        batch.pk
        for batch in Batch.objects.exclude(file="").iterator(200)
        if batch.file_hash != hashlib.sha256(batch.file.encode()).hexdigest()
        or batch.file != write_rows(COLUMNS, batch.rows)
    ]

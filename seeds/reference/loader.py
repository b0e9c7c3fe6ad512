"""Loading the reference rows: added where new, changed where the file changed, never deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from seeds.reference.books import BOOKS, NAMED_BY, Book
from seeds.reference.reading import SOURCE_COLUMNS, SeedRefused, read_rows

HERE = Path(__file__).resolve().parent
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Loaded:
    """What became of a book: rows added, changed, unchanged, and kept as a person left them."""

    name: str
    added: int
    changed: int
    unchanged: int
    kept: int


def load_reference(folder: Path = HERE) -> list[Loaded]:
    """Load every book in one transaction. Raises SeedRefused; then nothing is loaded."""
    with transaction.atomic(), pghistory.context(page="seed"):
        return [load_book(book, folder) for book in BOOKS]


def load_book(book: Book, folder: Path) -> Loaded:
    """Hold each row of the file against the table, then write what is new or different."""
    standing = {key_of(book, row): row for row in book.model._default_manager.all()}
    new: dict[Key, Model] = {}
    changed: list[Model] = []
    kept = unchanged = 0
    for where, row in rows_of(book, folder):
        key = key_of(book, row)
        if key in new:
            raise SeedRefused(f"{where} stands twice in the file.")
        found = standing.get(key)
        if found is None:
            new[key] = row
        elif not take_over(found, row):
            unchanged += 1
        elif was_changed_by_a_person(found):
            kept += 1
        else:
            changed.append(found)
    write(book, changed, new.values())
    return Loaded(book.name, len(new), len(changed), unchanged, kept)


def rows_of(book: Book, folder: Path) -> Iterator[tuple[str, Model]]:
    """Each row of the file as a checked row of the table, not yet saved."""
    links = {
        column: {getattr(row, NAMED_BY[model]): row for row in model._default_manager.all()}
        for column, model in book.links.items()
    }
    names = {field.name for field in book.model._meta.concrete_fields if not field.primary_key}
    for where, values in read_rows(book, folder):
        strangers = set(values) - names - set(SOURCE_COLUMNS)
        if strangers:
            raise SeedRefused(f"{where} has columns nobody knows: {', '.join(sorted(strangers))}.")
        given = {name: exact(value) for name, value in values.items() if name in names}
        for column, known in links.items():
            given[column] = linked(where, column, given.get(column), known)
        yield where, checked(where, book, given)


def exact(value: Any) -> Any:
    """A number with a point as people wrote it, not as binary floating point has it."""
    return Decimal(str(value)) if isinstance(value, float) else value


def linked(where: str, column: str, name: str | None, known: dict[str, Model]) -> Model | None:
    """The row another column names. Raises SeedRefused where there is none."""
    if name is None:
        return None
    if name not in known:
        raise SeedRefused(f"{where} names the {column} “{name}”, which is in no file.")
    return known[name]


def checked(where: str, book: Book, given: dict[str, Any]) -> Model:
    """The row with its values in the types of the table. Raises SeedRefused for a bad value."""
    row = book.model(**given)
    try:
        row.clean_fields(exclude=set(book.links))
    except ValidationError as error:
        said = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items())
        raise SeedRefused(f"{where} – {said}") from error
    return row


def key_of(book: Book, row: Model) -> Key:
    return tuple(getattr(row, row._meta.get_field(name).attname) for name in book.key)


def take_over(found: Model, row: Model) -> bool:
    """Bring the standing row to the file's values in memory; answer whether that changes it."""
    is_changed = False
    for field in found._meta.concrete_fields:
        value = getattr(row, field.attname)
        if not field.primary_key and getattr(found, field.attname) != value:
            setattr(found, field.attname, value)
            is_changed = True
    return is_changed


def was_changed_by_a_person(row: Model) -> bool:
    """Whether somebody signed in wrote the row last: then it is theirs, and the file waits."""
    history = getattr(row, "history", None)
    latest = history and history.select_related("pgh_context").order_by("-pgh_id").first()
    context = latest and latest.pgh_context
    return bool(context and context.metadata.get("user"))


def write(book: Book, changed: Iterable[Model], new: Iterable[Model]) -> None:
    """Changes first, so that a row that ends makes room for its successor."""
    try:
        with transaction.atomic():
            for row in changed:
                row.save()
            book.model._default_manager.bulk_create(new)
    except IntegrityError as error:
        said = str(error).splitlines()
        raise SeedRefused(f"{book.file}: the database refuses a row: {' '.join(said)}") from error

"""Reading a reference file: YAML rows (or the list inside each), or a CSV with a heading."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from seeds.reference.books import Book

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SOURCE_COLUMNS = ("source", "source_url", "verified_on", "confidence")
REQUIRED = ("source", "verified_on", "confidence")


class SeedRefused(Exception):
    """A reference row cannot be loaded; the message names the file, the row and what is wrong."""


def read_rows(book: Book, folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each row of a book with the words that point at it. Raises SeedRefused without a source."""
    path = folder / book.file
    rows = read_csv(path) if path.suffix == ".csv" else read_yaml(path)
    for number, row in enumerate(rows, 1):
        for part in parts(book, row):
            where = f"{book.file}, row {number} ({name_of(book, row, part)})"
            if book.needs_source:
                check_source(where, part)
            yield where, part


def parts(book: Book, row: dict[str, Any]) -> list[dict[str, Any]]:
    """The row itself, or the list inside it, each part knowing the row it stands in."""
    if book.nested:
        return [{"code": row["code"], **part} for part in row[book.nested]]
    return [{name: value for name, value in row.items() if name != book.without}]


def name_of(book: Book, row: dict[str, Any], part: dict[str, Any]) -> str:
    return " ".join(str(part.get(name) or row.get(name) or "") for name in book.key).strip()


def check_source(where: str, row: dict[str, Any]) -> None:
    missing = [name for name in REQUIRED if not row.get(name)]
    if missing:
        named = " and ".join(name.replace("_", " ") for name in missing)
        raise SeedRefused(f"{where} has no {named}. Each row says where it comes from, and when.")


def read_yaml(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return list(yaml.load(file, Loader)["rows"])  # noqa: S506 - both loaders are safe ones


def read_csv(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        return [
            {**row, "is_malignancy": row["is_malignancy"] == "yes"} for row in csv.DictReader(lines)
        ]

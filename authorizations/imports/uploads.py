"""Files between preview and import: stored for an hour, for the person who sent them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core import signing

from accounts.models import User
from authorizations.web.file_store import remove_file, store_file

KEPT_SECONDS = 60 * 60
SALT = "treatment-files"


def folder() -> Path:
    return Path(settings.DOCUMENT_ROOT) / "incoming"


def set_aside(contents: Iterable[tuple[str, bytes]], by: User) -> str:
    """Store the files and return a signed ticket for them: name and content of each.

    Raises NotStored where the disk takes no more.
    """
    tidy_up()
    kept = []
    for index, (name, content) in enumerate(contents):
        path = folder() / f"{by.pk}-{time.time_ns()}-{index}"
        store_file(path, content)
        kept.append([path.name, name[:80]])
    return signing.dumps({"by": by.pk, "files": kept}, salt=SALT)


def uploaded_files(ticket: str, by: User) -> list[tuple[str, bytes]]:
    """The files of a ticket; none when it is too old, forged, or somebody else's."""
    try:
        given = signing.loads(ticket, salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return []
    if given["by"] != by.pk:
        return []
    paths = [(name, folder() / stored) for stored, name in given["files"]]
    try:
        return [(name, path.read_bytes()) for name, path in paths]
    except OSError:
        return []  # tidied up: the page says that the preview is too old


def tidy_up() -> None:
    """Remove what nobody came back for; somebody else may be tidying up at the same time."""
    oldest = time.time() - KEPT_SECONDS
    if not folder().is_dir():
        return
    for path in folder().iterdir():
        if age_of(path) < oldest:
            remove_file(path)


def age_of(path: Path) -> float:
    """When a file was written; a file that is gone is none of ours to remove."""
    try:
        return path.stat().st_mtime
    except OSError:
        return float("inf")

"""Files between preview and import: kept for an hour, for the person who sent them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core import signing

from accounts.models import User

KEPT_SECONDS = 60 * 60
SALT = "treatment-files"


def folder() -> Path:
    path = Path(settings.DOCUMENT_ROOT) / "incoming"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def set_aside(contents: Iterable[tuple[str, bytes]], by: User) -> str:
    """Keep the files and answer a signed ticket for them: name and content of each."""
    tidy_up()
    kept = []
    for index, (name, content) in enumerate(contents):
        path = folder() / f"{by.pk}-{time.time_ns()}-{index}"
        path.write_bytes(content)
        path.chmod(0o600)
        kept.append([path.name, name[:80]])
    return signing.dumps({"by": by.pk, "files": kept}, salt=SALT)


def take_back(ticket: str, by: User) -> list[tuple[str, bytes]]:
    """The files of a ticket; none when it is too old, forged, or somebody else's."""
    try:
        given = signing.loads(ticket, salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return []
    if given["by"] != by.pk:
        return []
    paths = [(name, folder() / stored) for stored, name in given["files"]]
    if not all(path.is_file() for _, path in paths):
        return []
    return [(name, path.read_bytes()) for name, path in paths]


def tidy_up() -> None:
    """Remove what nobody came back for."""
    oldest = time.time() - KEPT_SECONDS
    for path in folder().iterdir():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)

"""Writing a file that is whole or not there, and a sentence where the disk refuses it."""

from __future__ import annotations

import logging
from pathlib import Path

LOG = logging.getLogger(__name__)


class NotStored(Exception):
    """The disk did not take a file; the message says what to do."""


def store_file(path: Path, content: bytes) -> None:
    """Write a file readable by this service only. Raises NotStored; nothing by halves stays."""
    part = path.with_name(f"{path.name}.part")
    try:
        make_private_folder(path.parent)
        part.touch(mode=0o600)
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        LOG.error("A file could not be stored: %s", error.strerror)
        remove_file(part)
        raise NotStored(
            "The file could not be stored: the disk of the server is full or cannot be written. "
            "Nothing was changed. Tell whoever looks after this system, and send it again then."
        ) from error


def make_private_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for this service only."""
    for place in (*reversed(folder.parents), folder):
        if not place.exists():
            place.mkdir(mode=0o700, exist_ok=True)


def remove_file(path: Path) -> None:
    """Remove a file if it is there and may be removed."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        LOG.warning("A file could not be removed: %s", error.strerror)

"""Files from disk: their size is asked before they are read."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from authorizations.exchange.row_reader import FileRefused


def read_file(path: Path) -> bytes:
    """The content of an export. Raises FileRefused where it is too large to be a day's export."""
    size, largest = path.stat().st_size, settings.LARGEST_IMPORT_BYTES
    if size > largest:
        raise FileRefused(
            f"{path.name} has {size / 1_048_576:.0f} MB; at most {largest // 1_048_576} MB are "
            "read at once. Export fewer days in one file."
        )
    return path.read_bytes()

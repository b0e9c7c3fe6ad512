"""The last guard around reading: whatever is in a file, it is read or refused in words."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from authorizations.exchange.row_reader import FileRefused, RowRefused

LOG = logging.getLogger(__name__)
UNREADABLE = (
    "This file holds something that this import cannot read, and nothing of it was taken. Export "
    "it again; where that does not help, tell whoever looks after this system at what time it was "
    "sent."
)


@contextmanager
def refusing_the_unreadable() -> Iterator[None]:
    """Turn whatever goes wrong while a file is read into its refusal.

    The log gets the kind of the error and the place in the code, nothing of the content.
    """
    try:
        yield
    except (FileRefused, RowRefused):
        raise
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        name = type(error).__name__
        # Without its traceback: the message of an error can repeat what stood in the file.
        LOG.error("A file could not be read: %s in %s line %s", name, last.name, last.lineno)
        raise FileRefused(UNREADABLE) from None

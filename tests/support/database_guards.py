"""Statements that the database must refuse."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction


def refused(work) -> str:
    """The guard that refused, by name."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        work()
    return error.value.__cause__.diag.constraint_name

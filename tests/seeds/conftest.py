"""What the tests of the books share."""

from __future__ import annotations

import pytest
from django.db import transaction

from seeds.reference import load_reference


@pytest.fixture(scope="class")
def loaded(django_db_setup, django_db_blocker):
    """The books, loaded once for tests that only read them."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_reference()
        yield
        transaction.set_rollback(True)

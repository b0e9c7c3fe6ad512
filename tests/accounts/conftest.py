"""People of these tests."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Role


@pytest.fixture
def second(client_of) -> Client:
    """The second administrator."""
    return client_of(Role.ADMINISTRATOR)

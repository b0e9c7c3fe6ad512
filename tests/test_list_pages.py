"""What every list page has in common: labels in words, files offered in one way."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Role
from tests.test_permissions import OPENS

pytestmark = pytest.mark.django_db
LISTS = [name for name in OPENS if name.endswith("_list")]


@pytest.mark.parametrize("name", LISTS)
def test_every_filter_of_a_list_has_a_name(client_of, name):
    role = Role.PHYSICIAN if name == "image_review_list" else Role.MANAGER
    page = client_of(role).get(reverse(name))
    assert page.status_code == 200
    assert "invalid name" not in page.content.decode()

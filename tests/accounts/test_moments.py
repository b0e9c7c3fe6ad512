"""One page, one moment: what others write meanwhile is not seen by halves."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from accounts.database.snapshot import one_moment
from accounts.models import Facility
from tests import factories as make


@pytest.mark.django_db(transaction=True)
def test_a_page_sees_all_its_figures_at_one_moment(facility):
    def write() -> None:
        make.FacilityFactory()
        connection.close()

    with one_moment():
        before = Facility.objects.count()
        writer = threading.Thread(target=write)
        writer.start()
        writer.join()
        assert Facility.objects.count() == before
    assert Facility.objects.count() == before + 1

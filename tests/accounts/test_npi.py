"""National provider identifiers: ten digits with a right check digit, in form and database."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from accounts.database.constraints import npi_check_digit, npi_is_valid
from tests import factories as make
from tests.support.database_guards import refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "npi", ["1000000011", "100000001", "10000000012", "abcdefghij", "1234567890"]
)
def test_a_wrong_npi_is_refused_by_form_and_database(npi):
    facility = make.FacilityFactory.build(npi=npi[:10])
    with pytest.raises(ValidationError, match=r"check digit|at most"):
        facility.full_clean()
    assert refused(lambda: make.FacilityFactory(npi=npi[:10])) == "facility_npi_valid"


@given(st.integers(100_000_000, 299_999_999).map(str))
def test_the_check_digit_of_python_and_database_agree(nine):
    right = nine + npi_check_digit(nine)
    wrong = nine + str((int(right[-1]) + 1) % 10)
    with connection.cursor() as cursor:
        cursor.execute("SELECT npi_is_valid(%s), npi_is_valid(%s)", [right, wrong])
        assert cursor.fetchone() == (npi_is_valid(right), npi_is_valid(wrong)) == (True, False)

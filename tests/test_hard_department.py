"""A second department, of other difficulties, goes in by the commands and comes out right."""

from __future__ import annotations

from collections import Counter

import pytest
from django.core.management import call_command

from authorizations.invariants import INVARIANTS, broken
from tests.support import department as sample
from tests.support.department_commands import answers, load, write_files
from tests.support.hard_department_cases import hard_cases


@pytest.mark.slow
@pytest.mark.django_db
def test_every_record_of_a_difficult_department_gets_its_answer(tmp_path):
    made = sample.build(hard_cases())
    write_files(made, tmp_path)
    call_command("seed", verbosity=0)
    load(tmp_path)
    found, wanted = Counter(answers(tmp_path)), Counter(made.expected)
    assert sorted(found - wanted) == sorted(wanted - found) == []
    assert [row.key for row in INVARIANTS if broken(row)] == []

"""A database that stopped among steps which are one step now is refused, others are not."""

from __future__ import annotations

import pytest
from django.core.checks import Error
from django.core.management import CommandError, call_command
from django.db.migrations.recorder import MigrationRecorder

from accounts.checks import no_database_half_way

pytestmark = pytest.mark.django_db
NOW, BEFORE = "0001_code_book", ("0001_initial", "0002_money")


def recorded(*names: str) -> list[Error]:
    """What the check says of a database where these steps of the code book ran."""
    steps = MigrationRecorder.Migration.objects
    steps.filter(app="coding").delete()
    for name in names:
        steps.create(app="coding", name=name)
    return no_database_half_way(databases=["default"])


@pytest.mark.parametrize("names", [(), BEFORE, (*BEFORE, NOW), (NOW,)], ids=len)
def test_an_empty_a_former_and_a_present_database_go_on(names):
    assert recorded(*names) == []


def test_a_database_half_way_is_told_which_version_it_needs():
    (error,) = recorded("0001_initial")
    assert "coding.0002_money never ran" in error.msg
    assert "last version that has coding.0002_money" in error.hint
    with pytest.raises(CommandError, match="half-way"):
        call_command("migrate", verbosity=0, skip_checks=False)


def test_a_demo_of_an_older_version_is_told_how_to_begin_anew(settings):
    settings.DEBUG = True
    recorded("0001_initial")
    with pytest.raises(CommandError, match=r"remove the folder \.local"):
        call_command("demo", no_serve=True)

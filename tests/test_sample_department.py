"""A whole department goes in by the commands; what comes out is what must come out, row for row."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db.models import Count, Sum
from django.urls import reverse

from authorizations.charges.release_runs import finish_releases
from authorizations.invariants import INVARIANTS, broken
from authorizations.models import Charge, GuidanceSession, ImportRun
from tests.support import department as sample
from tests.support.department_cases import TODAY
from tests.support.department_commands import answers, load, write_files

DAYS_AT_ONCE = 15


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made, where = sample.build(), tmp_path_factory.mktemp("department")
    write_files(made, where)
    return where, made


@pytest.mark.slow
@pytest.mark.django_db
def test_every_record_of_the_department_gets_its_answer(folder):
    where, made = folder
    call_command("seed", verbosity=0)
    load(where)
    assert Counter(answers(where)) == Counter(made.expected)
    units = sum(Charge.objects.live().values_list("units", flat=True))
    assert units == GuidanceSession.objects.live().count()


@pytest.mark.slow
@pytest.mark.django_db
def test_loading_the_department_twice_changes_nothing(folder, tmp_path):
    where, _ = folder
    call_command("seed", verbosity=0)
    load(where)
    before = (
        answers(where),
        ImportRun.objects.count(),
        Charge.history.rel.related_model.objects.count(),
    )
    load(where)
    after = (
        answers(where),
        ImportRun.objects.count(),
        Charge.history.rel.related_model.objects.count(),
    )
    assert before == after


@pytest.mark.slow
@pytest.mark.django_db
def test_the_order_in_which_days_arrive_does_not_matter(folder):
    where, made = folder
    call_command("seed", verbosity=0)
    call_command("import_department", where, verbosity=0)
    paths = sorted((where / "treatments").iterdir(), reverse=True)
    for start in range(0, len(paths), DAYS_AT_ONCE):
        call_command("import_treatments", *paths[start : start + DAYS_AT_ONCE], as_of=TODAY)
    assert Counter(answers(where)) == Counter(made.expected)


def totals(rows) -> tuple[int, int, Decimal]:
    """Count, units and dollars."""
    found = rows.aggregate(count=Count("pk"), units=Sum("units"), dollars=Sum("amount"))
    return found["count"], found["units"] or 0, found["dollars"] or Decimal(0)


@pytest.mark.slow
@pytest.mark.django_db
def test_a_coder_clears_the_department_and_everything_recorded_is_accounted_for(
    folder, client_of, settings
):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    where, made = folder
    call_command("seed", verbosity=0)
    load(where)
    coder = client_of("coder")
    coder.user.memberships.update(facility=None)
    clean = Charge.objects.filter(status="ready").count()
    recorded = totals(Charge.objects.live())
    coder.get(reverse("charge_list"), {"status": "ready"})
    data = {"scope": "view", "query": "status=ready"}
    answer = coder.post(reverse("charge_release_many"), data)
    assert finish_releases() == (1, 0)
    assert f"{clean} charges released" in coder.get(answer["Location"]).content.decode()
    held = Charge.objects.filter(status="held", disposition="HOLD").first()
    coder.post(
        reverse("charge_move", args=[held.pk, "mark_not_billable"]), {"reason": "Not ordered"}
    )
    parts = (
        Charge.objects.filter(status="released"),
        Charge.objects.filter(status="held").exclude(disposition="STOP"),
        Charge.objects.filter(status="held", disposition="STOP"),
        Charge.objects.filter(status="not_billable"),
    )
    sums = tuple(sum(column) for column in zip(*map(totals, parts), strict=True))
    assert sums == recorded
    imaged = GuidanceSession.objects.live().exclude(modalities=[]).count()
    assert recorded[0] == recorded[1] == imaged
    assert sum(answer == "pass" or "WARN" in answer for _, answer, _ in made.expected) == clean
    assert [row.key for row in INVARIANTS if broken(row)] == []

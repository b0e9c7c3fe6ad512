"""Each invariant is broken by hand, behind the guards' back, and named by the check."""

from __future__ import annotations

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from authorizations.batches.actions import draw_batch
from authorizations.charges.actions import release
from authorizations.invariants import INVARIANTS, broken
from authorizations.models import Charge
from seeds.demo.letters import letter_as_pdf
from tests import factories as make

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        settings.DATABASES["default"]["ENGINE"] != "config.embedded_postgresql",
        reason="switches triggers off, which the owner of the embedded server may",
    ),
]
# Guards that would refuse what is done here.
GUARDS = {
    "session_once_per_fraction": "DROP INDEX {}",
    "session_once_per_day": "DROP INDEX {}",
    "authorized_service_used_within_approved": (
        "ALTER TABLE authorizations_authorizedservice DROP CONSTRAINT {}"
    ),
    "charge_override_has_reason": "ALTER TABLE authorizations_charge DROP CONSTRAINT {}",
    "charge_released_pair": "ALTER TABLE authorizations_charge DROP CONSTRAINT {}",
    "coverage_never_overlaps": "ALTER TABLE authorizations_coverage DROP CONSTRAINT {}",
}
ANOTHER = "(SELECT max(id) FROM accounts_facility)"
FAULTS = [
    ("I1", "UPDATE authorizations_guidancesession SET fraction = 1"),
    ("I2", "UPDATE authorizations_guidancesession SET is_delivered = false"),
    (
        "I2",
        "UPDATE authorizations_guidancesession"
        " SET voided_at = now(), voided_by_id = recorded_by_id",
    ),
    ("I2", "DELETE FROM authorizations_imagereview"),
    ("I2", "UPDATE authorizations_imagereview SET reviewed_at = reviewed_at + interval '9 d'"),
    ("I2", "UPDATE authorizations_guidancesession SET authorized_service_id = NULL"),
    ("I2", "UPDATE authorizations_authorizedservice SET valid_from = valid_through"),
    ("I2", "UPDATE authorizations_authorizedservice SET decision = 'denied'"),
    ("I3a", "UPDATE authorizations_authorizedservice SET units_used = 0"),
    ("I3b", "UPDATE authorizations_authorizedservice SET units_used = 99"),
    (
        "I3b",
        "UPDATE authorizations_authorizedservice SET decision = 'denied', units_approved = NULL",
    ),
    (
        "I3c",
        "UPDATE authorizations_guidancesession SET authorized_service_id = NULL WHERE fraction = 3",
    ),
    ("I4", "UPDATE authorizations_charge SET status = 'held' WHERE status = 'ready'"),
    ("I4", "UPDATE authorizations_priorauthorization SET status = 'draft'"),
    ("I4b", "UPDATE authorizations_chargeevent SET old_status = 'void' WHERE verb = 'release'"),
    (
        "I4b",
        "UPDATE authorizations_chargeevent SET at = now() + interval '1 h' WHERE verb = 'capture'",
    ),
    ("I4b", "DELETE FROM authorizations_authorizationevent WHERE verb = 'submit'"),
    ("I4b", "DELETE FROM authorizations_authorizationevent WHERE verb = 'open'"),
    ("I5", "UPDATE authorizations_priorauthorization SET evidence = 'none'"),
    ("I5", "UPDATE authorizations_charge SET override_reason = '', override_proposed_at = now(),"
            " override_proposed_by_id = 1, overridden_at = now(), overridden_by_id = 1,"
            " is_override_alone = true"),
    ("I5b", "UPDATE authorizations_charge SET released_by_id = NULL"),
    (
        "I6",
        "INSERT INTO authorizations_coverage (patient_id, plan_id, member_id, rank,"
        " effective_from) SELECT patient_id, plan_id, 'B', rank, effective_from + 9"
        " FROM authorizations_coverage",
    ),
    ("I7", "UPDATE authorizations_batch SET amount = amount + 1"),
    ("I7", "UPDATE authorizations_batch SET rows = '[]'"),
    ("I7b", "UPDATE authorizations_batch SET rows = jsonb_set(rows, '{0,code}', '\"77014\"')"),
    ("I7b", "UPDATE authorizations_charge SET batch_id = NULL WHERE batch_id IS NOT NULL"),
    ("I7c", "UPDATE authorizations_batch SET file = file || 'x'"),
    ("I7c", "UPDATE authorizations_batch SET rows = jsonb_set(rows, '{0,mrn}', '\"OTHER\"')"),
    ("I8", "UPDATE authorizations_codingreview SET verdict = '{}'"),
    ("I9", "UPDATE authorizations_charge SET status = 'ready' WHERE status = 'released'"),
    ("I10", f"UPDATE authorizations_charge SET facility_id = {ANOTHER}"),
    (
        "I12",
        "INSERT INTO authorizations_awaitedreview (session_id)"
        " SELECT id FROM authorizations_guidancesession",
    ),
    ("I13", "UPDATE authorizations_authorizedservice SET first_decision = ''"),
    ("I14", "UPDATE authorizations_document SET sha256 = md5(id::text) || md5(id::text)"),
    ("I15", "UPDATE authorizations_waitingjudgement SET asked_at = now() - interval '61 minutes'"),
    ("I16", "UPDATE authorizations_rejudgerun SET started_at = now() - interval '25 hours'"),
    ("I16b", "UPDATE authorizations_releaserun SET asked_at = now() - interval '25 hours'"),
    ("I16b", "UPDATE authorizations_releaserun SET done = 1"),
    ("S25", "UPDATE authorizations_guidancesession SET recorded_by_id = (SELECT min(released_by_id)"
            " FROM authorizations_charge)"),
]  # fmt: skip
# Shown broken and named in test_rollups.py, where days are counted.
ELSEWHERE = {"I11"}


@pytest.fixture
def department(settings, tmp_path, course, authorize, treat, person, elsewhere):
    """Three fractions; two charges released, one batch drawn, a letter, and work that waits."""
    from authorizations.prior_authorizations.documents import attach_document

    settings.DOCUMENT_ROOT = tmp_path
    attach_document(
        authorization=authorize(course), content=letter_as_pdf("A letter"), kind="approval_letter",
        by=person("front_desk"),
    )  # fmt: skip
    treat(course, 3)
    coder = person("coder")
    for charge in Charge.objects.order_by("pk")[:2]:
        release(charge=charge, by=coder)
    draw_batch(facility=course.facility, payer=course.patient.coverages.get().plan.payer, by=coder)
    make.WaitingJudgementFactory(course=course)
    make.RejudgeRunFactory(courses=[course.pk])
    make.ReleaseRunFactory(charges=[charge.pk])


def named() -> list[str]:
    return [invariant.key for invariant in INVARIANTS if broken(invariant)]


def test_a_department_that_only_worked_breaks_none(department):
    assert Charge.objects.filter(batch__isnull=False).count() == 2
    assert named() == []


@pytest.mark.parametrize(
    ("key", "fault"), FAULTS, ids=[f"{k}-{n}" for n, (k, _) in enumerate(FAULTS)]
)
def test_what_breaks_an_invariant_is_named(department, key, fault):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for guard, statement in GUARDS.items():
            cursor.execute(statement.format(guard))
        cursor.execute("SET LOCAL session_replication_role = 'replica'")
        cursor.execute(fault)
        assert cursor.rowcount > 0
        cursor.execute("SET LOCAL session_replication_role = 'origin'")
    assert key in named()


def test_each_invariant_is_broken_by_some_test():
    assert {key for key, _ in FAULTS} | ELSEWHERE == {row.key for row in INVARIANTS}


def test_a_document_whose_content_changed_is_named(department):
    path = next(path for path in settings.DOCUMENT_ROOT.rglob("*") if path.is_file())
    path.write_bytes(b"%PDF-1.7 another")
    assert named() == ["I14"]


def test_the_command_says_how_many_do_not_hold(department):
    told = StringIO()
    call_command("check_invariants", stdout=told)
    assert "I14       0  Each letter is there" in told.getvalue()
    make.DocumentFactory(sha256="b" * 64)
    with pytest.raises(CommandError, match="1 invariants do not hold"):
        call_command("check_invariants", stdout=told)
    quick = StringIO()
    call_command("check_invariants", "--quick", stdout=quick)
    assert "I14  not asked" in quick.getvalue()


def test_a_database_that_is_not_migrated_is_told_so_in_a_sentence():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'authorizations'")
    with pytest.raises(CommandError, match="nothing was checked"):
        call_command("check_invariants")

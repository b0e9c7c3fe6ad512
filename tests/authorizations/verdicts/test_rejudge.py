"""Facts that change after review: open charges are judged anew, released ones are only marked."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.core.management import call_command
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from accounts.models import Role
from authorizations.charges.actions import release, void
from authorizations.charges.disputes import acknowledge
from authorizations.models import ChangedVerdict, Charge, RejudgeRun
from authorizations.verdicts import rejudge
from authorizations.verdicts.judge_course import judge_course
from authorizations.verdicts.policy_impact import bring_in_step
from authorizations.verdicts.rejudge import enqueue, start, touched_by, unfinished
from coding.models import UnitLimit
from payers.models import CodingPolicy
from tests import factories as make
from tests.support.workers import WORKER

pytestmark = pytest.mark.django_db
FIRST = date(2026, 10, 5)


def fresh(charge: Charge) -> Charge:
    return Charge.objects.get(pk=charge.pk)


@pytest.fixture
def coder_user(person):
    return person(Role.CODER)


@pytest.fixture
def charges(course, approved, treat, coder_user) -> list[Charge]:
    """One released charge and one that is ready, both with modifier 26."""
    sent, ready = (session.charges.get() for session in treat(course, 2))
    release(charge=sent, by=coder_user)
    return [sent, ready]


@pytest.fixture
def publish(plan, person):
    """The plan rejects modifier 26 from the first fraction on."""

    def build() -> CodingPolicy:
        policy = make.CodingPolicyFactory(
            payer=plan.payer,
            plan=plan,
            topic="modifier_26",
            value="rejected",
            effective_from=FIRST,
        )
        bring_in_step(policy, person(Role.ADMINISTRATOR))
        return policy

    return build


def test_a_published_policy_moves_what_is_open_and_marks_what_is_released(charges, publish):
    sent, ready = charges
    before = fresh(sent)
    publish()
    assert fresh(ready).line == "77387"
    after = fresh(sent)
    assert (after.line, after.status, after.disposition, after.amount) == (
        before.line,
        "released",
        before.disposition,
        before.amount,
    )
    mark = ChangedVerdict.objects.get()
    assert (mark.charge_id, mark.said, mark.would_say) == (
        sent.pk,
        "77387-26: pass",
        "77387: pass",
    )
    assert mark.cause.startswith("Policy published")
    run = RejudgeRun.objects.get()
    assert (run.done, run.total, run.changed, run.flagged) == (1, 1, 1, 1)
    assert run.finished_at


def test_a_mark_stays_one_and_closes_when_the_facts_say_again_what_they_said(
    charges, publish, course, coder_user
):
    policy = publish()
    judge_course(course, by=coder_user)
    assert ChangedVerdict.objects.count() == 1
    CodingPolicy.objects.filter(pk=policy.pk).update(is_published=False)
    judge_course(course, by=coder_user)
    mark = ChangedVerdict.objects.get()
    assert mark.closed_at
    assert "say again" in mark.closed_because


def test_a_void_closes_the_mark(charges, publish, coder_user):
    publish()
    void(charge=charges[0], by=coder_user, reason="The payer rejects 26")
    assert ChangedVerdict.objects.get().closed_because == "The charge is void."


def test_keeping_it_needs_a_reason_and_is_not_asked_again(charges, publish, course, coder):
    publish()
    page = coder.get(reverse("changed_list")).content.decode()
    assert "77387-26: pass" in page
    assert "Released, would now be judged differently" in coder.get("/").content.decode()
    url = reverse("charge_move", args=[charges[0].pk, "acknowledge"])
    assert "Give the reason" in coder.post(url, {"reason": ""}).content.decode()
    coder.post(url, {"reason": "Paid already"})
    judge_course(course, by=coder.user)
    mark = ChangedVerdict.objects.get()
    assert (mark.closed_by, mark.closed_because) == (coder.user, "Paid already")
    assert fresh(charges[0]).status == "released"


def test_a_long_run_waits_for_the_background_and_the_command_finishes_it(
    charges, person, monkeypatch, settings, capsys
):
    settings.TASKS = WORKER
    monkeypatch.setattr(rejudge, "INLINE_COURSES", 0)
    run = enqueue(cause="A new edition", courses=touched_by(), by=person(Role.ADMINISTRATOR))
    start(run)
    assert [row.pk for row in unfinished()] == [run.pk]
    call_command("rejudge")
    assert "A new edition: 1 of 1 courses" in capsys.readouterr().out
    assert not unfinished()
    call_command("rejudge")
    assert "Nothing waits" in capsys.readouterr().out


def test_a_run_over_everything_touches_only_what_stands(charges, course, coder_user):
    assert list(touched_by()) == [course]
    assert list(touched_by(codes=["77387"], since=FIRST)) == [course]
    assert not touched_by(codes=["77014"])
    assert not touched_by(since=date(2027, 1, 1))
    call_command("rejudge", all="Yearly look")
    run = RejudgeRun.objects.get()
    assert (run.cause, run.changed, run.flagged) == ("Yearly look", 0, 0)


def test_an_import_of_published_values_judges_their_charges_again(
    charges, tmp_path, capsys, settings
):
    from authorizations.extension_points import rejudge_codes

    UnitLimit.objects.update(units=5)
    told = rejudge_codes("CMS unit limits, 2026 Q4", ["77387", "99213"], FIRST)
    assert told == "1 courses judged again: 0 changed, 0 marked."
    assert rejudge_codes("CMS pairs", ["99213"], FIRST).startswith("0 courses")


@pytest.mark.django_db(transaction=True)
def test_a_long_run_is_one_job_with_a_number_and_no_thread(charges, person, monkeypatch, settings):
    settings.TASKS = WORKER
    monkeypatch.setattr(rejudge, "INLINE_COURSES", 0)
    before = threading.active_count()
    run = enqueue(cause="A new edition", courses=touched_by(), by=person(Role.ADMINISTRATOR))
    start(run)
    assert threading.active_count() == before
    job = DBTaskResult.objects.get()
    assert job.args_kwargs == {"args": [run.pk], "kwargs": {}}
    call_command("worker", batch=True, verbosity=0)
    run.refresh_from_db()
    assert run.finished_at
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"SUCCESSFUL"}


@pytest.mark.django_db(transaction=True)
def test_a_job_that_fails_stops_no_other_and_tells_of_no_patient(
    charges, person, monkeypatch, settings
):
    settings.TASKS = WORKER
    monkeypatch.setattr(rejudge, "INLINE_COURSES", 0)
    bad, good = (
        enqueue(cause=cause, courses=touched_by(), by=person(Role.ADMINISTRATOR))
        for cause in ("bad", "good")
    )
    real = rejudge.judge_for

    def fail_for_bad(run, books):
        if run.cause == "bad":
            raise ValueError("MRN 4711")
        real(run, books)

    monkeypatch.setattr(rejudge, "judge_for", fail_for_bad)
    start(bad)
    start(good)
    call_command("worker", batch=True, verbosity=0)
    assert list(unfinished()) == [bad]
    failed = DBTaskResult.objects.filter(status="FAILED").first()
    assert failed.exception_class_path.endswith("JobFailed")
    assert "4711" not in failed.traceback
    assert f"judging again {bad.pk}" in failed.traceback


def test_the_progress_page_says_how_far_it_is(coder, administrator, charges):
    run = enqueue(cause="A new edition", courses=touched_by(), by=administrator.user)
    for client in (coder, administrator):
        page = client.get(reverse("rejudge_run_detail", args=[run.pk])).content.decode()
        assert "1 course left" in page
        assert "Look again" in page


def test_a_second_acknowledgement_is_refused(charges, publish, coder_user):
    from authorizations.workflow import IllegalMove

    publish()
    acknowledge(charge=charges[0], by=coder_user, reason="Paid already")
    with pytest.raises(IllegalMove, match="Nothing says"):
        acknowledge(charge=charges[0], by=coder_user, reason="Paid already")

"""Views, colleagues, imports and runs know their facility; the auditor writes nothing."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessEvent, Role, SentForm
from accounts.roles import Permission
from authorizations.exceptions import Refused
from authorizations.models import (
    ImportRun,
    RejudgeRun,
    RememberedView,
    SavedView,
    Task,
    WaitingJudgement,
)
from authorizations.verdicts.views import KEEPERS
from authorizations.worklists.actions import assign_task
from tests import factories as make
from tests.support.permissions import OPENS, address
from tests.support.permissions import addresses as addresses

__all__ = ["addresses"]
pytestmark = pytest.mark.django_db
OWN = {"logout", "password_change", "theme", "mail_choice", "known_at", "kept_form_drop"}
# What reading itself leaves: who read, the session's clock, the trace of a form.
TRACES = {AccessEvent, SentForm}


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def both(person, facility, elsewhere):
    """A front desk here who audits there."""
    user = person(Role.FRONT_DESK)
    make.MembershipFactory(user=user, role=Role.AUDITOR, facility=elsewhere)
    return signed_in(user)


def saving(place=None, page="course_list", name="Mine") -> dict[str, object]:
    return {"name": name, "page": page, "query": "", "facility": place.pk if place else ""}


def test_a_shared_view_is_seen_by_the_people_of_its_facility_only(
    front_desk, client_of, person, facility, elsewhere
):
    front_desk.post(reverse("view_save"), saving(facility, name="Look at Monday"))
    assert "Look at Monday" in client_of("therapist").get("/").content.decode()
    stranger = signed_in(person(Role.THERAPIST, elsewhere))
    assert "Look at Monday" not in stranger.get("/").content.decode()
    front_desk.post(reverse("view_save"), saving(name="Only mine"))
    assert "Only mine" not in client_of("front_desk").get("/").content.decode()


def test_a_view_of_charges_is_seen_by_who_reads_charges(coder, client_of, facility):
    coder.post(reverse("view_save"), saving(facility, "charge_list", "Late images"))
    assert "Late images" in client_of("auditor").get("/").content.decode()
    assert "Late images" not in client_of("front_desk").get("/").content.decode()


def test_a_view_is_shared_only_where_a_role_saves_views(both, front_desk, facility, elsewhere):
    both.post(reverse("view_save"), saving(elsewhere))
    assert not SavedView.objects.exists()
    both.post(reverse("view_save"), saving(facility))
    assert SavedView.objects.get().facility == facility
    front_desk.post(reverse("view_save"), saving(facility, "charge_list", "No charges for me"))
    assert SavedView.objects.count() == 1


def test_the_auditor_is_offered_no_saving(auditor, front_desk):
    for name in ("course_list", "authorization_list"):
        assert "Save this view" in front_desk.get(reverse(name)).content.decode()
        assert "Save this view" not in auditor.get(reverse(name)).content.decode()
    assert "Save this view" not in auditor.get(reverse("charge_list")).content.decode()


def counted() -> dict[str, int]:
    """How many rows each table of the house has, but for what reading itself leaves."""
    return {
        model._meta.label: model.objects.count()
        for app in ("accounts", "authorizations", "coding", "payers")
        for model in apps.get_app_config(app).get_models()
        if model not in TRACES
    }


# Sent by POST for what is typed is not for an address; that nothing is written is counted below.
ONLY_READ = ("search", "try_rules", "day_words")


def test_the_auditor_writes_nothing(auditor, addresses):
    make.ProcedureCodeFactory()
    before = counted()
    for name, (readers, writers) in OPENS.items():
        url = address(name, addresses)
        if readers:
            auditor.get(url)
        if (writers or readers is None) and name not in OWN:
            status = auditor.post(url, {"name": "x", "page": "course_list"}).status_code
            assert status == 403 or name in ONLY_READ, f"{name}: {status}"
    auditor.get(reverse("charge_list"), {"status": "held"})
    assert counted() == before
    assert not RememberedView.objects.exists()


def test_who_is_offered_a_task_logs_authorizations_at_its_facility(
    course, front_desk, person, elsewhere, facility
):
    task = make.TaskFactory(course=course)
    stranger, coder = person(Role.FRONT_DESK, elsewhere), person(Role.CODER)
    make.MembershipFactory(user=coder, role=Role.FRONT_DESK, facility=elsewhere)
    everywhere = person(Role.MANAGER, None)
    page = front_desk.get(reverse("course_detail", args=[course.pk])).content.decode()
    for user, is_offered in ((stranger, False), (coder, False), (everywhere, True)):
        assert (f'<option value="{user.pk}"' in page) == is_offered
        answer = front_desk.post(
            reverse("task_assign", args=[task.pk]), {"assigned_to": user.pk}, follow=True
        )
        task.refresh_from_db()
        assert (task.assigned_to == user) == is_offered
        assert ("Not assigned" in answer.content.decode()) != is_offered
        if not is_offered:
            with pytest.raises(Refused, match="does not log authorizations"):
                assign_task(task=task, to=user, by=front_desk.user)
    with pytest.raises(Refused):
        assign_task(task=task, to=None, by=stranger)


def test_who_is_offered_a_charge_works_charges_where_one_does(coder, person, elsewhere):
    stranger = person(Role.CODER, elsewhere)
    page = coder.get(reverse("charge_list")).content.decode()
    assert str(stranger) not in page
    assert f'value="{stranger.pk}"' not in page


def test_an_import_is_seen_by_importers_of_its_facilities(
    therapist, client_of, person, elsewhere, course, treat
):
    run = make.ImportRunFactory(started_by=person(Role.THERAPIST, elsewhere))
    make.ImportedRowFactory(run=run, session=treat(course)[0], outcome="recorded", kind="")
    make.ImportedRowFactory(run=run, line=3)
    url = reverse("import_run_detail", args=[run.pk])
    page = therapist.get(url).content.decode()
    assert "1 line: 1 in your facilities" in page
    assert signed_in(run.started_by).get(url).status_code == 200
    other = signed_in(person(Role.FRONT_DESK, elsewhere))
    assert other.get(url).status_code == 404
    assert other.post(reverse("import_run_judge", args=[run.pk])).status_code == 404
    assert not ImportRun.objects.for_user(therapist.user, Permission.READ_AUDIT).exists()


def test_only_courses_of_ones_own_facilities_are_judged(therapist, course, elsewhere, treat):
    session = treat(course)[0]
    run = make.ImportRunFactory(started_by=therapist.user)
    make.ImportedRowFactory(run=run, session=session, outcome="recorded", kind="")
    theirs = make.CourseFactory(facility=elsewhere)
    for each in (course, theirs):
        WaitingJudgement.objects.create(course=each, asked_for=therapist.user)
    page = therapist.post(reverse("import_run_judge", args=[run.pk]), follow=True)
    assert "All are judged." in page.content.decode()
    assert [row.course for row in WaitingJudgement.objects.all()] == [theirs]


def test_a_background_run_is_seen_where_it_judged(coder, person, course, elsewhere):
    mine = make.RejudgeRunFactory(courses=[course.pk], cause="Here")
    theirs = make.RejudgeRunFactory(
        courses=[make.CourseFactory(facility=elsewhere).pk], cause="There"
    )
    text = coder.get(reverse("rejudge_run_list")).content.decode()
    assert "Here" in text
    assert "There" not in text
    assert coder.get(reverse("rejudge_run_detail", args=[theirs.pk])).status_code == 404
    everywhere = person(Role.ADMINISTRATOR, None)
    assert set(RejudgeRun.objects.for_user(everywhere, *KEEPERS)) == {mine, theirs}


def test_reading_home_opens_and_closes_no_task(front_desk, auditor, facility, elsewhere):
    soon = timezone.localdate()
    make.CourseFactory(facility=facility, first_fraction_on=soon)
    there = make.CourseFactory(facility=elsewhere, first_fraction_on=soon)
    left = make.TaskFactory(course=there, queue="overdue")
    auditor.get("/")
    assert list(Task.objects.all()) == [left]
    front_desk.get("/")
    assert list(Task.objects.all()) == [left]
    left.refresh_from_db()
    assert left.closed_at is None

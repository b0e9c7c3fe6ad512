"""People and situations. Situations are reached through actions, so none is impossible."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from hypothesis import settings as properties

from accounts.models import Facility, Provider, Role, User
from authorizations.models import Course, GuidanceSession, PriorAuthorization
from authorizations.prior_authorizations.actions import open_request, submit
from authorizations.prior_authorizations.decisions import LineAnswer, decide
from authorizations.worklists.sync_tasks import in_one_pass
from tests import factories as make

PASSWORD = "correct horse battery"

# A busy machine is no failure: timings are measured in benchmarks/, never in tests.
properties.register_profile("any machine", deadline=None)
properties.load_profile("any machine")


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: garbage is looked for among what tests make."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@contextmanager
def shared_rows(blocker) -> Iterator[None]:
    """Rows that all tests of a module begin with; what each does on top is undone for itself.

    Not for a module with tests that commit: they would wait for this transaction.
    """
    made = transaction.atomic()
    with blocker.unblock():
        made.__enter__()
    try:
        with blocker.unblock():
            yield
    finally:
        with blocker.unblock():
            transaction.set_rollback(True)
            made.__exit__(None, None, None)


@pytest.fixture(scope="module")
def published_books(django_db_setup, django_db_blocker):
    """The published books, loaded once for a module."""
    with shared_rows(django_db_blocker):
        call_command("seed", verbosity=0)
        with django_db_blocker.block():
            yield


@pytest.fixture
def facility(db) -> Facility:
    return make.FacilityFactory(code="MAIN")


@pytest.fixture
def elsewhere(db) -> Facility:
    """A facility in which nobody of these tests works."""
    return make.FacilityFactory(code="OTHER")


@pytest.fixture
def person(facility) -> Callable[..., User]:
    """A person in a role at the facility (or at every facility)."""

    def build(role: str, where: Facility | None = facility) -> User:
        user = make.UserFactory(
            username=f"{role}-{User.objects.count()}", is_staff=role == "administrator"
        )
        make.MembershipFactory(user=user, role=role, facility=where)
        return user

    return build


@pytest.fixture
def client_of(person) -> Callable[[str], Client]:
    """A signed-in browser of somebody in that role."""

    def build(role: str) -> Client:
        client = Client()
        client.user = person(role)
        client.force_login(client.user)
        return client

    return build


for _role in Role.values:

    def _client(client_of, role=_role) -> Client:
        return client_of(role)

    globals()[_role] = pytest.fixture(name=_role)(_client)


@pytest.fixture
def oncologist(physician) -> Provider:
    """The radiation oncologist who signs in as the physician."""
    return make.ProviderFactory(user=physician.user)


@pytest.fixture
def plan(db):
    """A plan that requires authorization and answers within its clock."""
    row = make.PlanFactory()
    make.AuthorizationPolicyFactory(plan=row)
    make.CodingPolicyFactory(plan=row)
    make.UnitLimitFactory()
    make.FeeScheduleRowFactory()
    make.ConversionFactorFactory()
    return row


@pytest.fixture
def course(facility, plan) -> Course:
    row = make.CourseFactory(facility=facility)
    make.CoverageFactory(patient=row.patient, plan=plan)
    return row


def asked_lines(course: Course, units: int) -> list[dict[str, object]]:
    """Delivery and guidance, so many units of each."""
    return [
        {"code": course.delivery_code, "modifier": "", "units_requested": units},
        {"code": "77387", "modifier": "26", "units_requested": units},
    ]


@pytest.fixture
def authorize(person) -> Callable[..., PriorAuthorization]:
    """An approved request for a course: delivery and guidance lines of that many units."""

    def build(
        course: Course,
        units: int = 28,
        number: str = "A1000001",
        valid: tuple[date, date] = (date(2026, 10, 1), date(2026, 12, 31)),
        evidence: str = "letter",
        **given,
    ) -> PriorAuthorization:
        clerk = person(Role.FRONT_DESK, None)
        plan = course.patient.coverages.get(effective_through=None).plan
        given = {"plan": plan, "facility": course.facility} | given
        received = datetime(2026, 9, 28, 12, tzinfo=course.facility.tz)
        with in_one_pass():
            request = open_request(
                course=course, by=clerk, lines=asked_lines(course, units), **given
            )
            submit(authorization=request, by=clerk, channel="portal", received_on=received)
        if evidence in ("letter", "portal"):
            kind = "approval_letter" if evidence == "letter" else "portal_proof"
            make.DocumentFactory(authorization=request, kind=kind)
        return decide(
            authorization=request,
            by=clerk,
            decided_on=date(2026, 9, 30),
            evidence=evidence,
            number=number,
            answers=[LineAnswer(line, "approved", units, *valid) for line in request.lines.all()],
        )

    return build


@pytest.fixture
def approved(course, authorize) -> PriorAuthorization:
    return authorize(course)


def weekdays(first: date, count: int) -> list[date]:
    """The next weekdays from a day on, that day included when it is one."""
    days, day = [], first
    while len(days) < count:
        if day.weekday() < 5:
            days.append(day)
        day += timedelta(days=1)
    return days


def usual_session(course: Course, number: int, start: datetime) -> dict[str, object]:
    """A fraction imaged four minutes before the beam, with its shifts."""
    return {
        "facility": course.facility,
        "machine": course.facility.machines[0],
        "date_of_service": start.date(),
        "fraction": number,
        "started_at": start,
        "delivery_code": course.delivery_code,
        "modalities": ["cbct"],
        "image_at": start - timedelta(minutes=4),
        "shift_lr_mm": 1,
        "shift_si_mm": -2,
        "shift_ap_mm": 0,
    }


def usual_days(course: Course, count: int, facts: dict[str, object]) -> list[dict[str, object]]:
    """The values of the next fractions, each at ten on the next weekday."""
    done = course.sessions.count()
    days = weekdays(course.first_fraction_on, done + count)[done:]
    starts = [datetime(d.year, d.month, d.day, 10, tzinfo=course.facility.tz) for d in days]
    return [
        {**usual_session(course, number, start), **facts}
        for number, start in enumerate(starts, done + 1)
    ]


@pytest.fixture
def treat(person) -> Callable[..., list[GuidanceSession]]:
    """Deliver, image and (unless told otherwise) approve the next fractions of a course.

    One fraction is recorded as a therapist does; several come and are judged as an import's do.
    """
    from authorizations.imports.judge_touched import judge_touched
    from authorizations.treatments.actions import record_session
    from authorizations.verdicts.judge_course import judge_course

    @in_one_pass()
    def build(
        course: Course, count: int = 1, reviewed: bool = True, **facts
    ) -> list[GuidanceSession]:
        therapist, today = person(Role.THERAPIST, None), date(2026, 11, 23)
        given = usual_days(course, count, facts)
        if count == 1:
            sessions = [record_session(course=course, by=therapist, **given[0])]
        else:
            sessions = [
                GuidanceSession.objects.create(course=course, recorded_by=therapist, **values)
                for values in given
            ]
        for session in sessions if reviewed else ():
            make.ImageReviewFactory(
                session=session,
                reviewed_by=course.physician,
                reviewed_at=session.started_at + timedelta(hours=2),
                recorded_by=therapist,
            )
        if count == 1:
            judge_course(course, by=therapist, on=today)
        else:
            numbers = [session.pk for session in sessions]
            judge_touched([course.pk], numbers, by=therapist, on=today)
        return sessions

    return build

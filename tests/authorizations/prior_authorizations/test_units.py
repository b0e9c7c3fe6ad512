"""Units of service: who holds one, who waits, and what happens when everybody comes at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Role
from authorizations.charges.actions import mark_not_billable, release
from authorizations.invariants import INVARIANTS, broken
from authorizations.models import AuthorizedService, Charge, GuidanceSession
from authorizations.treatments.actions import record_session, void_session
from authorizations.verdicts.units import allocate_units
from tests import factories as make


def guidance_line(authorization) -> AuthorizedService:
    return authorization.lines.get(code="77387")


def holders(line: AuthorizedService) -> list[int]:
    return list(line.sessions.order_by("date_of_service").values_list("fraction", flat=True))


@pytest.mark.django_db
def test_units_remaining_are_right_at_once(course, authorize, treat):
    line = guidance_line(authorize(course, units=5))
    treat(course, 3)
    line.refresh_from_db()
    assert (line.units_used, line.units_remaining) == (3, 2)
    delivery = line.authorization.lines.get(code="77407")
    assert delivery.units_remaining == 2


@pytest.mark.django_db
def test_the_session_after_the_last_unit_is_kept_and_stopped(course, authorize, treat):
    authorize(course, units=2)
    treat(course, 3)
    third = Charge.objects.get(session__fraction=3)
    assert (third.disposition, third.leading_rule) == ("STOP", "R50")
    assert GuidanceSession.objects.count() == 3


@pytest.mark.django_db
def test_a_unit_that_comes_back_goes_to_the_oldest_that_waits(course, authorize, treat, person):
    line = guidance_line(authorize(course, units=2))
    first, *_ = treat(course, 4)
    coder = person(Role.CODER)
    mark_not_billable(charge=first.charges.get(), by=coder, reason="Image lost")
    assert holders(line) == [2, 3]
    void_session(session=GuidanceSession.objects.get(fraction=2), by=coder, reason="Wrong patient")
    assert holders(line) == [3, 4]


@pytest.mark.django_db
def test_an_older_session_that_arrives_late_comes_first(course, authorize, treat):
    line = guidance_line(authorize(course, units=1))
    session = treat(course, 1)[0]
    day = session.date_of_service - timedelta(days=3)
    earlier = make.GuidanceSessionFactory(
        course=course, fraction=9, date_of_service=day, started_at=session.started_at - timedelta(3)
    )
    allocate_units(course)
    assert holders(line) == [earlier.fraction]


@pytest.mark.django_db
def test_a_released_session_keeps_its_unit(course, authorize, treat, person):
    line = guidance_line(authorize(course, units=1))
    session = treat(course, 2)[0]
    release(charge=session.charges.get(), by=person(Role.CODER))
    day = session.date_of_service - timedelta(days=3)
    make.GuidanceSessionFactory(
        course=course, fraction=9, date_of_service=day, started_at=session.started_at - timedelta(3)
    )
    allocate_units(course)
    assert holders(line) == [session.fraction]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_forty_recorded_at_once_on_the_last_unit_exactly_one_holds_it(course, authorize, person):
    course.fractions_planned = 40
    course.save()
    line = guidance_line(authorize(course, units=1))
    therapist = person(Role.THERAPIST)
    start = datetime(2026, 10, 5, 8, tzinfo=course.facility.tz)

    def record(fraction: int) -> None:
        try:
            record_session(
                course=course,
                by=therapist,
                facility=course.facility,
                machine="TB1",
                date_of_service=start.date(),
                fraction=fraction,
                started_at=start + timedelta(minutes=fraction),
                delivery_code="77407",
                modalities=["cbct"],
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(40) as pool:
        list(pool.map(record, range(1, 41)))
    line.refresh_from_db()
    assert line.units_used == 1
    assert line.sessions.count() == 1
    assert GuidanceSession.objects.count() == 40
    stopped = Charge.objects.exclude(session__authorized_service=line)
    assert stopped.count() == 39
    for charge in stopped:
        assert '"R50"' in charge.reviews.last().verdict
    assert [key.key for key in INVARIANTS if broken(key)] == []


@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    order=st.permutations(range(1, 9)),
    undelivered=st.sets(st.integers(1, 8), max_size=3),
    units=st.integers(1, 6),
)
@pytest.mark.django_db
def test_any_order_of_arrival_ends_in_the_same_state(course, authorize, order, undelivered, units):
    from django.db import transaction

    with transaction.atomic():
        line = guidance_line(authorize(course, units=units))
        start = datetime(2026, 10, 5, 10, tzinfo=course.facility.tz)
        for fraction in order:
            moment = start + timedelta(days=fraction)
            make.GuidanceSessionFactory(
                course=course,
                fraction=fraction,
                date_of_service=moment.date(),
                started_at=moment,
                is_delivered=fraction not in undelivered,
            )
            allocate_units(course)
        wanted = [n for n in range(1, 9) if n not in undelivered][:units]
        assert holders(line) == wanted
        line.refresh_from_db()
        assert line.units_used == len(wanted) <= units
        transaction.set_rollback(True)

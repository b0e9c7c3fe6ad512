"""Every kind of change that a count of the dashboard rests on, each by the dice."""

from __future__ import annotations

import random
from datetime import date, timedelta

from django.utils import timezone

from accounts.models import Facility
from authorizations.models import (
    AuthorizedService,
    Charge,
    Course,
    GuidanceSession,
    PriorAuthorization,
)
from tests import factories as make
from tests.support.random_department import NOW, treat


def some(model, dice: random.Random, **which):
    rows = model.objects.filter(**which).order_by("pk")
    return model.objects.filter(pk=dice.choice(list(rows.values_list("pk", flat=True))))


def near(dice: random.Random) -> date:
    return NOW.date() - timedelta(days=dice.randint(0, 60))


def answer(dice: random.Random, plans) -> None:
    """An open request is denied."""
    waiting = PriorAuthorization.objects.filter(status="submitted").values_list("pk", flat=True)
    PriorAuthorization.objects.filter(pk__in=waiting[:1]).update(
        status="denied", decided_on=near(dice)
    )


def treat_again(dice: random.Random, plans) -> None:
    course = some(Course, dice).get()
    treat(dice, course, dice.choice(plans), AuthorizedService.objects.first())


def void(dice: random.Random, plans) -> None:
    found = some(GuidanceSession, dice)
    who = found.get().recorded_by_id
    is_void = dice.random() < 0.5
    found.update(voided_at=timezone.now() if is_void else None, voided_by=who if is_void else None)


def release(dice: random.Random, plans) -> None:
    """A ready charge is released; another leaves in a batch."""
    ready = Charge.objects.filter(status="ready").exclude(disposition="STOP").values("pk")
    who = GuidanceSession.objects.first().recorded_by_id
    Charge.objects.filter(pk__in=ready[:2]).update(
        status="released", released_at=timezone.now(), released_by=who
    )
    free = Charge.objects.filter(status="released", batch=None, plan__isnull=False).first()
    if free and dice.random() < 0.5:
        batch = make.BatchFactory(facility=free.facility, payer=free.plan.payer)
        Charge.objects.filter(pk=free.pk).update(batch=batch)


def move(dice: random.Random, plans) -> None:
    some(Course, dice).update(facility=dice.choice(list(Facility.objects.all())))


STEPS = (
    answer,
    treat_again,
    void,
    move,
    lambda dice, plans: some(Charge, dice).update(amount=dice.choice((None, 12, 40))),
    lambda dice, plans: some(Charge, dice).update(date_of_service=near(dice)),
    lambda dice, plans: some(Charge, dice).update(code=dice.choice(("77387", "77014"))),
    lambda dice, plans: some(Charge, dice).update(plan=dice.choice((*plans, None))),
    lambda dice, plans: some(Charge, dice).update(
        filing_deadline=dice.choice((None, near(dice), NOW.date() + timedelta(days=16)))
    ),
    lambda dice, plans: some(Charge, dice).update(
        disposition=dice.choice(("pass", "STOP")), leading_rule=dice.choice(("R48", "R42"))
    ),
    lambda dice, plans: some(Charge, dice, status="captured").update(status="held"),
    release,
    lambda dice, plans: some(GuidanceSession, dice).update(is_delivered=dice.random() < 0.7),
    lambda dice, plans: some(GuidanceSession, dice).update(
        date_of_service=near(dice), started_at=NOW - timedelta(days=dice.randint(0, 60))
    ),
    lambda dice, plans: some(GuidanceSession, dice).update(authorized_service=None),
    lambda dice, plans: some(PriorAuthorization, dice).update(
        plan=dice.choice(plans), number=f"A{dice.random()}"
    ),
    lambda dice, plans: some(PriorAuthorization, dice).update(
        received_on=dice.choice((None, NOW - timedelta(days=dice.randint(1, 60))))
    ),
    lambda dice, plans: some(PriorAuthorization, dice).update(due_at=NOW - timedelta(days=3)),
    lambda dice, plans: some(PriorAuthorization, dice, status="pended").update(
        course=some(Course, dice).get()
    ),
    lambda dice, plans: some(AuthorizedService, dice).update(units_requested=dice.randint(30, 60)),
    lambda dice, plans: some(AuthorizedService, dice).update(
        decision=dice.choice(("denied", "pended"))
    ),
    lambda dice, plans: some(Course, dice).update(
        first_fraction_on=near(dice), ended_on=None, end_reason=""
    ),
    lambda dice, plans: some(Course, dice).update(
        ended_on=NOW.date() + timedelta(days=1), end_reason="died"
    ),
    lambda dice, plans: Charge.objects.filter(
        pk__in=Charge.objects.filter(reviews=None).values("pk")[:1]
    ).delete(),
)

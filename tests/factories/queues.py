"""Work on charges and what is counted of them: assignments, views, runs of judging, days."""

from __future__ import annotations

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from authorizations import models as authorizations
from tests.factories.cases import ChargeFactory, GuidanceSessionFactory
from tests.factories.people import FacilityFactory, UserFactory


class ChargeAssignmentFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.ChargeAssignment

    charge = factory.SubFactory(ChargeFactory)
    assigned_to = factory.SubFactory(UserFactory)
    assigned_at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assigned_by = factory.SelfAttribute("assigned_to")


class ChargeVisitFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.ChargeVisit

    charge = factory.SubFactory(ChargeFactory)
    by = factory.SubFactory(UserFactory)
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)


class RememberedViewFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.RememberedView

    owner = factory.SubFactory(UserFactory)
    page = "charge_list"


class RejudgeRunFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.RejudgeRun

    cause = "A test"
    started_by = factory.SubFactory(UserFactory)


class ReleaseRunFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.ReleaseRun

    charges = factory.LazyFunction(lambda: [ChargeFactory().pk])
    asked_by = factory.SubFactory(UserFactory)


class ReleaseAnswerFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.ReleaseAnswer

    run = factory.SubFactory(ReleaseRunFactory)
    charge = factory.SubFactory(ChargeFactory)
    is_done = False
    sentence = "It is held."


class ChangedVerdictFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.ChangedVerdict

    charge = factory.SubFactory(ChargeFactory)
    said = "77387-26: pass"
    would_say = "77387-26: STOP (R31)"
    cause = "A test"


class KeptCountFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.KeptCount

    subject = "treatments"
    day = date(2026, 10, 1)
    facility = factory.SubFactory(FacilityFactory)
    numbers = [2, 1, 3641]


class OpenRowFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.OpenRow

    subject = "planned"
    day = date(2026, 10, 1)
    row = factory.Sequence(lambda n: n + 1)
    counted_on = date(2026, 10, 2)


class AwaitedReviewFactory(DjangoModelFactory):
    """Kept by trigger with each session: made anew for one whose row is gone."""

    class Meta:
        model = authorizations.AwaitedReview
        django_get_or_create = ("session",)

    session = factory.SubFactory(GuidanceSessionFactory)


class StaleDayFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.StaleDay

    subject = "treatments"
    day = date(2026, 10, 1)


class CountedSubjectFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.CountedSubject

    subject = "treatments"
    definition = "a"

"""What was decided about a course."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from authorizations import models as authorizations
from tests.factories.cases import FIRST_DAY, CourseFactory
from tests.factories.people import UserFactory


class CourseEventFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.CourseEvent

    course = factory.SubFactory(CourseFactory)
    verb = "moved"
    on = FIRST_DAY
    what = "from 1 Oct 2026 to 5 Oct 2026"
    reason = "The plan was not ready"
    by = factory.SubFactory(UserFactory)


class CourseHoldFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.CourseHold

    course = factory.SubFactory(CourseFactory)
    held_from = FIRST_DAY
    reason = "toxicity"
    recorded_by = factory.SubFactory(UserFactory)


class CourseMilestoneFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.CourseMilestone

    course = factory.SubFactory(CourseFactory)
    kind = "referral"
    on = FIRST_DAY
    recorded_by = factory.SubFactory(UserFactory)

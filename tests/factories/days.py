"""What a day leaves behind: drafts, rows from paper, gaps that somebody answers for."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from authorizations import models as authorizations
from tests.factories.cases import FIRST_DAY, CourseFactory
from tests.factories.people import FacilityFactory, UserFactory


class SheetDraftFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.SheetDraft

    owner = factory.SubFactory(UserFactory)
    facility = factory.SubFactory(FacilityFactory)
    date_of_service = FIRST_DAY
    rows = factory.LazyFunction(dict)


class PaperEntryFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.PaperEntry

    course = factory.SubFactory(CourseFactory)
    date_of_service = FIRST_DAY
    entered_by = factory.SubFactory(UserFactory)


class DayGapFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.DayGap

    facility = factory.SubFactory(FacilityFactory)
    date_of_service = FIRST_DAY
    kind = authorizations.GapKind.NOT_RECORDED
    subject = factory.Sequence(lambda n: f"course:{n}:1")

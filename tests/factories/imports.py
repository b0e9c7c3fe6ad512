"""Rows of what comes in from the record-and-verify system."""

from __future__ import annotations

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from authorizations import models as authorizations
from tests.factories.cases import CourseFactory
from tests.factories.people import FacilityFactory, UserFactory


class TreatmentRecordFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.TreatmentRecord

    record = factory.Sequence(lambda n: f"RV{n:06d}")
    said_at = datetime(2026, 10, 5, 17, tzinfo=UTC)
    standing = authorizations.RecordStatus.CONFLICT
    facility = factory.SubFactory(FacilityFactory)
    kind = "settled_here"
    sentence = "A test"


class ColumnMappingFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.ColumnMapping

    facility = factory.SubFactory(FacilityFactory)
    columns = factory.LazyFunction(lambda: {"record_id": "Tx ID"})
    saved_by = factory.SubFactory(UserFactory)


class SheetMatchFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.SheetMatch

    facility = factory.SubFactory(FacilityFactory)
    columns = factory.LazyFunction(lambda: {"mrn": "MR #"})
    saved_by = factory.SubFactory(UserFactory)


class SenderMappingFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.SenderMapping

    facility = factory.SubFactory(FacilityFactory)
    application = factory.Sequence(lambda n: f"RV{n}")
    places = factory.LazyFunction(lambda: {"record_id": "FT1-3"})
    saved_by = factory.SubFactory(UserFactory)


class WaitingJudgementFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.WaitingJudgement

    course = factory.SubFactory(CourseFactory)
    asked_for = factory.SubFactory(UserFactory)


class InboundMessageFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.InboundMessage

    channel = factory.SubFactory("tests.factories.MachineChannelFactory")
    received_at = datetime(2026, 10, 5, 17, tzinfo=UTC)
    content = b"MSH|^~\\&|RV"
    control_id = factory.Sequence(lambda n: f"C{n}")
    event = "DFT^P03"

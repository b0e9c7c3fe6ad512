"""What is done about a patient's registration."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from authorizations import models as authorizations
from tests.factories.cases import PatientFactory
from tests.factories.people import UserFactory


class PatientMergeFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.PatientMerge

    kept = factory.SubFactory(PatientFactory)
    merged = factory.SubFactory(PatientFactory)
    reason = "The same card and address"
    proposed_by = factory.SubFactory(UserFactory)

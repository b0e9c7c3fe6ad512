"""What payers ask for before they decide."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from authorizations import models as authorizations
from tests.factories.cases import AuthorizationEventFactory


class InformationRequestFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.InformationRequest

    event = factory.SubFactory(AuthorizationEventFactory, verb="pend")


class AskedItemFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.AskedItem

    request = factory.SubFactory(InformationRequestFactory)
    what = "Treatment plan"

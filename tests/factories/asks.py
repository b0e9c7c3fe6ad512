"""What payers ask for before they decide."""

from __future__ import annotations

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from authorizations import models as authorizations
from tests.factories.cases import AuthorizationEventFactory
from tests.factories.people import ProviderFactory, UserFactory


class InformationRequestFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.InformationRequest

    event = factory.SubFactory(AuthorizationEventFactory, verb="pend")


class AskedItemFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.AskedItem

    request = factory.SubFactory(InformationRequestFactory)
    what = "Treatment plan"


class PeerToPeerFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.PeerToPeer

    event = factory.SubFactory(AuthorizationEventFactory, verb="schedule_peer_to_peer")
    physician = factory.SubFactory(ProviderFactory)
    scheduled_at = datetime(2026, 10, 16, 19, 30, tzinfo=UTC)
    scheduled_by = factory.SubFactory(UserFactory)
    phone = "800-555-0142"

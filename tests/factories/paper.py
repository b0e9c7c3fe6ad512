"""Paper that leaves the house."""

from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from authorizations import models as authorizations
from authorizations.prior_authorizations.documents import store_content
from seeds.demo.letters import letter_as_pdf
from tests.factories.cases import PriorAuthorizationFactory
from tests.factories.people import UserFactory


class RequestPacketFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.RequestPacket

    class Params:
        content = factory.Sequence(lambda n: letter_as_pdf(f"Packet {n}"))

    authorization = factory.SubFactory(PriorAuthorizationFactory)
    recipient = "eviCore"
    contents = factory.LazyFunction(list)
    sha256 = factory.LazyAttribute(lambda packet: store_content(packet.content))
    size = factory.LazyAttribute(lambda packet: len(packet.content))
    made_by = factory.SubFactory(UserFactory)

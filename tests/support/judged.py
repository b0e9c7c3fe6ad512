"""What the last judgement of a session's charge said."""

from __future__ import annotations

from authorizations.models import Charge, GuidanceSession
from coding.rules.facts import ChargeFacts
from coding.rules.serialize import facts_from_json, findings_from_json


def charge_of(session: GuidanceSession) -> Charge:
    return Charge.objects.live().get(session=session)


def rules_of(session: GuidanceSession) -> set[str]:
    """The numbers of the rules that spoke about a session's charge."""
    written = charge_of(session).reviews.latest("pk").verdict
    return {finding.number for finding in findings_from_json(written)}


def facts_of(session: GuidanceSession) -> ChargeFacts:
    return facts_from_json(charge_of(session).reviews.latest("pk").facts)

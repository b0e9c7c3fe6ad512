"""After a denial or a cut: by when one may talk it over, and by when one may appeal."""

from __future__ import annotations

from datetime import date, datetime

from authorizations.models import AuthorizationStatus, PriorAuthorization
from payers.clocks import Deadline, appeal_deadline, peer_to_peer_deadline

PEER_TO_PEER_BY = "Peer-to-peer by"


def first_decided_on(authorization: PriorAuthorization) -> date | None:
    """The date of the first decision; a later answer to a contest does not replace it.

    An appeal that was lost is itself a decision from which the next level counts.
    """
    if authorization.status == AuthorizationStatus.UPHELD:
        return authorization.decided_on
    return authorization.first_answered_on or authorization.decided_on


def contest_deadlines(authorization: PriorAuthorization) -> list[tuple[str, Deadline]]:
    """Peer-to-peer by, appeal by: those that this payer knows, counted from the decision."""
    decided = first_decided_on(authorization)
    if decided is None:
        return []
    about = {
        "payer": authorization.plan.payer.key,
        "line_of_business": authorization.plan.line_of_business,
        "decided_at": datetime.combine(
            decided, datetime.min.time(), tzinfo=authorization.facility.tz
        ),
        "time_zone": authorization.facility.time_zone,
    }
    found = (
        (PEER_TO_PEER_BY, peer_to_peer_deadline(**about)),
        ("Appeal by", appeal_deadline(**about)),
    )
    return [(label, deadline) for label, deadline in found if deadline]

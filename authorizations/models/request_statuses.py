"""The statuses of a request for prior authorization, and what each of them means."""

from __future__ import annotations

from authorizations.models.toned_choices import TonedChoices


class AuthorizationStatus(TonedChoices):
    """The status of a request. Expired and exhausted are computed, never stored."""

    NOT_REQUIRED = "not_required", "neutral", "Not required"
    DRAFT = "draft", "neutral", "Draft"
    SUBMITTED = "submitted", "info", "Submitted"
    REJECTED = "rejected", "bad", "Rejected by the portal"
    PENDED = "pended", "warn", "Pended"
    PEER_TO_PEER = "peer_to_peer", "warn", "Peer-to-peer"
    APPROVED = "approved", "good", "Approved"
    PARTIALLY_APPROVED = "partially_approved", "warn", "Partially approved"
    DEEMED_APPROVED = "deemed_approved", "warn", "Deemed approved by law"
    DENIED = "denied", "bad", "Denied"
    APPEALED = "appealed", "info", "Appealed"
    UPHELD = "upheld", "bad", "Denial upheld"
    WITHDRAWN = "withdrawn", "neutral", "Withdrawn"
    CANCELLED = "cancelled", "neutral", "Cancelled"
    CLOSED_NO_INFO = "closed_no_info", "neutral", "Closed for no information"
    SUPERSEDED = "superseded", "neutral", "Superseded"


ANSWERED = (
    AuthorizationStatus.APPROVED,
    AuthorizationStatus.PARTIALLY_APPROVED,
    AuthorizationStatus.DENIED,
    AuthorizationStatus.UPHELD,
)
WAITING = (
    AuthorizationStatus.SUBMITTED,
    AuthorizationStatus.PENDED,
    AuthorizationStatus.PEER_TO_PEER,
    AuthorizationStatus.APPEALED,
)
APPROVED = (AuthorizationStatus.APPROVED, AuthorizationStatus.PARTIALLY_APPROVED)
# A peer-to-peer or an appeal runs beside an answer: the lines approved before stay in force.
CONTESTED = (AuthorizationStatus.PEER_TO_PEER, AuthorizationStatus.APPEALED)
TAKEN_BACK = (AuthorizationStatus.WITHDRAWN, AuthorizationStatus.CANCELLED)
# Granted once, whatever became of the approval since.
EVER_GRANTED = (
    *APPROVED,
    AuthorizationStatus.DEEMED_APPROVED,
    AuthorizationStatus.SUPERSEDED,
    AuthorizationStatus.CANCELLED,
)
# Answers that refuse something: a peer-to-peer or an appeal may ask again.
MAY_BE_CONTESTED = (
    AuthorizationStatus.DENIED,
    AuthorizationStatus.PARTIALLY_APPROVED,
    AuthorizationStatus.UPHELD,
)
# No payer answers these: not sent, sent back by the portal, or taken back before an answer.
NEVER_ANSWERED = (
    AuthorizationStatus.DRAFT,
    AuthorizationStatus.NOT_REQUIRED,
    AuthorizationStatus.WITHDRAWN,
    AuthorizationStatus.REJECTED,
)

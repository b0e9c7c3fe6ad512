"""The evidence of one fraction: seven links from the order to the batch, the missing ones named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from authorizations.charges.evidence.billing import authorization_item, batch, charge_link
from authorizations.charges.evidence.clinical import image, order, review, session_link
from authorizations.charges.evidence.links import MISSING, NOT_NEEDED, WEAK, WHOLE, EvidenceItem
from authorizations.charges.image_timeline import TimeLine, time_line
from authorizations.models import (
    Charge,
    ChargeStatus,
    GuidanceSession,
    ImageReview,
    Proof,
    ReviewDecision,
)
from authorizations.models.sessions import CARRIER
from authorizations.verdicts.status import latest_judgements

__all__ = ["MISSING", "NOT_NEEDED", "WEAK", "WHOLE", "Chain", "EvidenceItem"]


@dataclass
class EvidenceChain:
    """Everything the page looks at, fetched in a fixed number of queries."""

    session: GuidanceSession
    may_open_charges: bool = False

    def __post_init__(self) -> None:
        self.course = self.session.course
        self.zone = self.session.facility.tz
        self.reviews: list[ImageReview] = list(self.session.reviews.select_related(*CARRIER))
        approved = ReviewDecision.APPROVED
        self.approval = next((r for r in self.reviews if r.decision == approved), None)
        reported = ReviewDecision.REPORTED
        self.report = next((r for r in self.reviews if r.decision == reported), None)
        self.following = (
            GuidanceSession.objects.delivered()
            .filter(course=self.course, started_at__gt=self.session.started_at)
            .order_by("started_at")
            .first()
        )
        self.charge = live_charge(self.session)
        judged = latest_judgements([self.charge]) if self.charge else {}
        self.judgement = judged.get(self.charge.pk) if self.charge else None
        line = self.session.authorized_service
        self.proof = line.authorization.proof_here if line else Proof.NONE
        self.corrections = self.session.corrections.count()

    @property
    def links(self) -> list[EvidenceItem]:
        return [
            order(self),
            image(self),
            review(self),
            session_link(self),
            charge_link(self),
            authorization_item(self),
            batch(self),
        ]

    @property
    def time_line(self) -> TimeLine:
        return time_line(self.session, self.reviews, self.following)

    def clock(self, moment: datetime) -> str:
        """A moment by the facility's clock."""
        return moment.astimezone(self.zone).strftime("%a %-d %b %Y, %H:%M")


def live_charge(session: GuidanceSession) -> Charge | None:
    """The charge that stands; the last void one when none does."""
    rows = session.charges.select_related(
        "plan__payer",
        "plan__issuer",
        "batch__created_by",
        "released_by",
        "overridden_by",
        "override_proposed_by",
    )
    found = sorted(rows, key=lambda charge: (charge.status != ChargeStatus.VOID, charge.pk))
    return found[-1] if found else None

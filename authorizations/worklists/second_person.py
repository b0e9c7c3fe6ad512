"""What waits for a second person or a document: releases, overrides, asserted approvals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Membership, Role, User
from authorizations.models import (
    AuthorizationEvent,
    ChargeStatus,
    CoverageEvent,
    ImageReview,
    SessionCorrection,
    TreatmentRecord,
)
from authorizations.models.charges import Disposition
from authorizations.workflow import DECISIONS
from authorizations.worklists.querysets import (
    charges_ready_to_release,
    readable_charges,
    readable_requests,
)


def second_person(user: User | None, now: datetime) -> QuerySet:
    """Ready charges that rest on what another coder or manager entered: they may not release."""
    releasers = Membership.objects.filter(role__in=(Role.CODER, Role.MANAGER)).values("user")
    rows = charges_ready_to_release(user, now).filter(entered_by(releasers))
    return rows if user is None else rows.exclude(entered_by([user.pk]))


def entered_by(people: Any) -> Q:
    """Charges that rest on what one of these people entered or uploaded (actions/doers.py)."""
    session = OuterRef("session")
    reviews = ImageReview.objects.filter(session=session)
    is_theirs = Q(recorded_by__in=people) | Q(reviewed_by__user__in=people)
    decisions = AuthorizationEvent.objects.filter(verb__in=DECISIONS, by__in=people)
    coverages = CoverageEvent.objects.of_day(
        OuterRef("date_of_service"), coverage__patient=OuterRef("session__course__patient")
    )
    unit = OuterRef("session__authorized_service__authorization")
    return (
        Q(session__recorded_by__in=people)
        | Q(Exists(TreatmentRecord.objects.filter(session=session, sent_by__in=people)))
        | Q(Exists(SessionCorrection.objects.filter(session=session, by__in=people)))
        | Q(Exists(reviews.filter(is_theirs)))
        | Q(Exists(decisions.filter(authorization=unit)))
        | Q(Exists(coverages.filter(by__in=people)))
    )


def overrides_to_confirm(user: User | None, now: datetime) -> QuerySet:
    """Stops that another manager proposed to override: confirm or decline."""
    rows = readable_charges(user).filter(
        status=ChargeStatus.HELD,
        disposition=Disposition.STOP,
        override_proposed_at__isnull=False,
        overridden_at__isnull=True,
    )
    return rows if user is None else rows.exclude(override_proposed_by=user)


def asserted(user: User | None, now: datetime) -> QuerySet:
    """Approvals by letter or portal, of which no document is attached."""
    return readable_requests(user).asserted()

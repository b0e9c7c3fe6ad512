"""What the database asks of an override: a proposal with its reason, and a second person."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.database.constraints import paired


def overriding() -> tuple[models.CheckConstraint, ...]:
    """Proposed by one manager and confirmed by another, unless done alone and marked so."""
    return (
        paired("charge_overridden_pair", "overridden_at", "overridden_by"),
        paired("charge_override_proposed_pair", "override_proposed_at", "override_proposed_by"),
        models.CheckConstraint(
            condition=Q(override_proposed_at__isnull=True) | ~Q(override_reason=""),
            name="charge_override_has_reason",
        ),
        models.CheckConstraint(
            condition=Q(overridden_at__isnull=True) | Q(override_proposed_at__isnull=False),
            name="charge_override_was_proposed",
        ),
        models.CheckConstraint(
            condition=Q(overridden_by__isnull=True)
            | ~Q(overridden_by=F("override_proposed_by"))
            | Q(is_override_alone=True),
            name="charge_override_by_two_people",
            violation_error_message="Another manager confirms an override.",
        ),
    )

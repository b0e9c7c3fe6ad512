"""The payer's answer for one line of a request."""

from __future__ import annotations

from django.db import models


class LineDecision(models.TextChoices):
    """The payer's answer for one line."""

    REQUESTED = "requested", "Requested"
    PENDED = "pended", "Pended"
    APPROVED = "approved", "Approved"
    REDUCED = "reduced", "Approved with changes"
    DENIED = "denied", "Denied"


LINE_IN_FORCE = (LineDecision.APPROVED, LineDecision.REDUCED)
LINE_DECIDED = (*LINE_IN_FORCE, LineDecision.DENIED)

"""What proves a payer's decision: what is named as its evidence, and on what it rests."""

from __future__ import annotations

from django.db import models


class Evidence(models.TextChoices):
    """What proves a decision, the strongest first."""

    LETTER = "letter", "Letter"
    PORTAL = "portal", "Portal proof"
    LAW = "law", "By law, as the payer was silent"
    PHONE = "phone", "Telephone only"
    NONE = "none", "No document"


class Proof(models.TextChoices):
    """On what an answer rests: what was named as its evidence, and whether that is here."""

    LETTER = "letter", "Letter"
    PORTAL = "portal", "Portal proof"
    FILE = "file", "From a machine channel's file"
    LAW = "law", "By law, as the payer was silent"
    ASSERTED = "asserted", "Asserted, no document"
    PHONE = "phone", "Telephone only"
    NONE = "none", "No document"


DOCUMENTED = (Evidence.LETTER, Evidence.PORTAL)
# Documents that show an approval; a letter of denial shows none.
PROVES_APPROVAL = ("approval_letter", "portal_proof")

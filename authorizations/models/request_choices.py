"""Why a payer is asked, how quickly, and by which way."""

from __future__ import annotations

from django.db import models


class RequestType(models.TextChoices):
    """Why permission is asked: first, again, more, or in another way."""

    INITIAL = "initial", "Initial"
    REVISION = "revision", "Revision"
    EXTENSION = "extension", "Extension"
    RENEWAL = "renewal", "Renewal"
    APPEAL = "appeal", "Appeal"
    RETROSPECTIVE = "retrospective", "Retrospective"


class Urgency(models.TextChoices):
    """Which of the payer's clocks is asked for."""

    STANDARD = "standard", "Standard"
    EXPEDITED = "expedited", "Expedited"


class Channel(models.TextChoices):
    """How we speak with the payer."""

    PORTAL = "portal", "Portal"
    PHONE = "phone", "Telephone"
    FAX = "fax", "Fax"
    EDI = "edi", "X12 278"
    MAIL = "mail", "Mail"
    IN_PERSON = "in_person", "In person"

"""How the beam is shaped and given."""

from __future__ import annotations

from django.db import models


class Technique(models.TextChoices):
    """How the beam is shaped and given."""

    IMRT = "IMRT", "IMRT"
    THREE_D = "3D", "3D conformal"
    TWO_D = "2D", "2D"
    SBRT = "SBRT", "SBRT"
    SRS = "SRS", "SRS"
    PROTON = "proton", "Proton"
    SUPERFICIAL = "superficial", "Superficial"
    ELECTRON = "electron", "Electron"
    BRACHYTHERAPY = "brachytherapy", "Brachytherapy"

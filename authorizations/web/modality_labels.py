"""How images are taken, in words."""

from __future__ import annotations

from coding.rules.modalities import MODALITIES

NO_IMAGE = "none"


def modality_label(name: str) -> str:
    """A modality in words, or several joined by a plus sign."""
    if name == NO_IMAGE:
        return "No image"
    parts = name.split("+")
    return " + ".join(MODALITIES[part].label if part in MODALITIES else part for part in parts)

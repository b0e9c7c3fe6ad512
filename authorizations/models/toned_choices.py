"""Choices of which each value names its tone: the colour of its pill, on every page."""

from __future__ import annotations

from typing import Self

from django.db import models


class TonedChoices(models.TextChoices):
    """A value is declared as value, tone, label; without a tone the module does not load."""

    tone: str

    def __new__(cls, value: str, tone: str = "") -> Self:
        if not tone:
            raise TypeError(f"{value} has no tone")
        member = str.__new__(cls, value)
        member._value_ = value
        member.tone = tone
        return member

    @classmethod
    def tones(cls) -> dict[str, str]:
        """The tone of every value, for templates."""
        return {member.value: member.tone for member in cls}

"""A pause after too many wrong passwords, counted in the database so that all processes agree."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.models import SignInFailure

WINDOW = timedelta(minutes=10)
MOST_PER_NAME = 8
MOST_PER_ADDRESS = 40


def note_failure(name: str, address: str) -> None:
    """Remember a wrong try; old ones are swept away."""
    SignInFailure.objects.filter(at__lt=timezone.now() - WINDOW).delete()
    SignInFailure.objects.create(name=name[:150].lower(), address=address or None)


def seconds_to_wait(name: str, address: str) -> int:
    """How long this name or address must pause; 0 when it may try."""
    recent = SignInFailure.objects.filter(at__gte=timezone.now() - WINDOW)
    too_many = recent.filter(name=name.lower()).count() >= MOST_PER_NAME or (
        bool(address) and recent.filter(address=address).count() >= MOST_PER_ADDRESS
    )
    return int(WINDOW.total_seconds()) if too_many else 0


def forget_failures(name: str) -> None:
    """A right password ends the count for this name."""
    SignInFailure.objects.filter(name=name.lower()).delete()

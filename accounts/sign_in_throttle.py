"""A pause after wrong passwords, counted in the database so that all processes agree.

The pause belongs to a name at an address, and to a name at a browser that has signed it in before:
whoever guesses elsewhere makes only themselves wait. A name that is guessed from very many
addresses waits in browsers that it has never used. An address that has failed often may still try
each name once: a right password opens, a second wrong one waits.
"""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta

from django.core import signing
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.models import SignInFailure, User
from accounts.web.visitors import visitor_address

REMEMBERED = timedelta(days=1)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=10)
MOST_PER_NAME = 8
MOST_PER_ADDRESS = 40
MOST_EVERYWHERE = 100
DEVICE_COOKIE, DEVICE_SALT, DEVICE_DAYS = "device", "accounts.sign_in_throttle.device", 90


class Visitor:
    """Who tries: under which name, from where, and whether this browser has signed the name in."""

    def __init__(self, request: HttpRequest | None, name: str) -> None:
        self.name = name[:150].lower()
        self.address = visitor_address(request) if request else ""
        self.device = device_of(request, self.name) if request else ""

    @property
    def failures(self) -> QuerySet[SignInFailure]:
        """Wrong tries of the last day that count for this visitor."""
        mine = recent_failures().filter(name=self.name)
        if self.device:
            return mine.filter(device=self.device)
        return mine.filter(device="", address=self.address or None)


def recent_failures() -> QuerySet[SignInFailure]:
    return SignInFailure.objects.filter(at__gte=timezone.now() - REMEMBERED)


@transaction.atomic
def begin_try(visitor: Visitor) -> int:
    """Seconds to wait; or 0, and the try is counted as wrong until the password proves right.

    Counted first and tried afterwards, one after another: sixty at once are as few as one by one.
    """
    with connection.cursor() as cursor:
        key = zlib.crc32(f"sign-in {visitor.name}".encode())
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
    SignInFailure.objects.filter(at__lt=timezone.now() - REMEMBERED).delete()
    seconds = seconds_to_wait(visitor)
    if not seconds:
        SignInFailure.objects.create(
            name=visitor.name, address=visitor.address or None, device=visitor.device
        )
    return seconds


def seconds_to_wait(visitor: Visitor) -> int:
    """How long this visitor must pause with this name; 0 when they may try."""
    waits = [pause(visitor.failures, MOST_PER_NAME)]
    if not visitor.device:
        waits.append(pause(recent_failures().filter(name=visitor.name), MOST_EVERYWHERE))
        here = recent_failures().filter(address=visitor.address or None)
        since = timezone.now() - LONGEST_PAUSE
        if here.filter(at__gte=since).count() >= MOST_PER_ADDRESS:
            waits.append(pause(visitor.failures, 1))
    return max(waits)


def pause(failures: QuerySet[SignInFailure], most: int) -> int:
    """Seconds left of the pause after so many failures: twice as long after each more."""
    times = list(failures.order_by("-at").values_list("at", flat=True)[: most + 10])
    if len(times) < most:
        return 0
    length = min(FIRST_PAUSE * 2 ** (len(times) - most), LONGEST_PAUSE)
    return max(0, seconds_until(times[0] + length))


def seconds_until(moment: datetime) -> int:
    return -int(-(moment - timezone.now()).total_seconds() // 1)


def forget_failures(visitor: Visitor) -> None:
    """A right password ends the count for this visitor, and for nobody elsewhere."""
    visitor.failures.delete()


def device_of(request: HttpRequest, name: str) -> str:
    """The number of this browser where it has signed this name in, with the password of now."""
    try:
        number, person, proof = signing.loads(
            request.COOKIES.get(DEVICE_COOKIE, ""),
            salt=DEVICE_SALT,
            max_age=timedelta(days=DEVICE_DAYS),
        )
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    user = User.objects.filter(pk=person, username__iexact=name).first()
    return str(number) if user and proof == proof_of(user) else ""


def proof_of(user: User) -> str:
    """What changes with the password, so that a new one makes every browser new."""
    return str(user.get_session_auth_hash())[:16]


def remember_device(response: HttpResponse, request: HttpRequest, user: User) -> None:
    """Let this browser try again when somebody elsewhere guesses at the name."""
    number = device_of(request, user.username) or get_random_string(22)
    response.set_cookie(
        DEVICE_COOKIE,
        signing.dumps([number, user.pk, proof_of(user)], salt=DEVICE_SALT),
        max_age=timedelta(days=DEVICE_DAYS),
        path="/accounts/sign-in/",
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )

"""Making a machine channel, confirming and ending it, and knowing it by its credential."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets

from django.db import transaction
from django.utils import timezone

from accounts.models import Facility, User, system_user
from authorizations.exceptions import Refused
from authorizations.models import MachineChannel
from authorizations.models.machine_channels import COMMAND_LINE

UNKNOWN = (
    "This channel is not known by this credential. An operator makes one with create_channel; the "
    "credential it prints once is given in CHANNEL_CREDENTIAL."
)


def hash_credential(credential: str) -> str:
    return hashlib.sha256(credential.encode()).hexdigest()


@transaction.atomic
def create_channel(
    *, name: str, by: User, facility: Facility | None = None
) -> tuple[MachineChannel, str]:
    """A channel and its credential, which is shown once. Raises Refused for a name in use."""
    name = name.strip()
    if not name or name == COMMAND_LINE or MachineChannel.objects.filter(name=name).exists():
        raise Refused(f"“{name}” is the name of another channel. Choose one of its own.")
    credential = secrets.token_urlsafe(32)
    channel = MachineChannel.objects.create(
        name=name, facility=facility, credential_hash=hash_credential(credential), made_by=by
    )
    return channel, credential


@transaction.atomic
def confirm_channel(*, channel: MachineChannel, by: User) -> None:
    """An administrator who did not make it lets its approvals count. Raises Refused."""
    if channel.made_by_id == by.pk:
        raise Refused("You made this channel yourself: another administrator has to confirm it.")
    waits = MachineChannel.objects.filter(pk=channel.pk, confirmed_at__isnull=True)
    waits.update(confirmed_at=timezone.now(), confirmed_by=by)


@transaction.atomic
def end_channel(*, channel: MachineChannel) -> None:
    """From now on its approvals are reports that wait for the physician."""
    MachineChannel.objects.filter(pk=channel.pk).update(is_active=False)


def channel_of(name: str, credential: str) -> MachineChannel:
    """The channel in force with that name and credential. Raises Refused."""
    channel = MachineChannel.objects.filter(name=name).first()
    known = channel.credential_hash if channel else ""
    is_right = hmac.compare_digest(known, hash_credential(credential))
    if channel is None or not is_right:
        raise Refused(UNKNOWN)
    if not channel.is_active:
        raise Refused(f"The channel “{name}” was ended by an administrator.")
    if channel.confirmed_at is None:
        raise Refused(f"The channel “{name}” waits for an administrator, who confirms it in Admin.")
    return channel


def asked_channel(name: str) -> MachineChannel | None:
    """The channel a command names, known by CHANNEL_CREDENTIAL; None where it names none.

    Raises Refused.
    """
    return channel_of(name, os.environ.get("CHANNEL_CREDENTIAL", "")) if name else None


def command_line_channel() -> MachineChannel | None:
    """The channel of whoever runs the server; None once an administrator has ended it."""
    channel, _ = MachineChannel.objects.get_or_create(
        name=COMMAND_LINE, defaults={"made_by": system_user()}
    )
    return channel if channel.is_active else None

"""Mails about people, roles, passwords and logins: who did what, never a secret or a patient."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import partial
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse

from accounts.administrators import administrators
from accounts.models import User

log = logging.getLogger(__name__)


def notify_about_person(person: User | None, *, by: User, sentence: str) -> None:
    """Write to the person concerned and to the other administrators, once it is certain."""
    others = administrators().exclude(pk=by.pk)
    addresses = {user.email for user in others if user.email}
    if person and person.pk != by.pk and person.email:
        addresses.add(person.email)
    text = f"{sentence}.\nDone by {by}."
    notify_when_certain(addresses, "a change of access", text)


def notify_of_proposal(*, by: User, sentence: str) -> None:
    """Write to the other administrators that something waits for them."""
    addresses = {user.email for user in administrators().exclude(pk=by.pk) if user.email}
    page = reverse("proposed_change_list")
    where = settings.PUBLIC_URL.rstrip("/") + page if settings.PUBLIC_URL else "your Home page"
    text = f"{by} proposes: {sentence}.\nConfirm or decline it: {where}"
    notify_when_certain(addresses, "waiting for a second administrator", text)


def notify_when_certain(addresses: Iterable[str], subject: str, text: str) -> None:
    """Send after the transaction, to each address alone; a mail server's trouble undoes nothing."""
    for address in sorted(addresses):
        transaction.on_commit(partial(send_notice, address, subject, text))


def send_notice(address: str, subject: str, text: str) -> bool:
    """Whether the mail server took the mail. What it refused is in the log, without the text."""
    mail = EmailMessage(f"Guidance Ledger: {subject}", f"{text}\n", to=[address])
    try:
        mail.send()
    except (SMTPException, OSError) as error:
        log.error("A mail about “%s” was not sent: %s", subject, type(error).__name__)
        return False
    return True

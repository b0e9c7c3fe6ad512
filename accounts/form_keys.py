"""A double click, a retry or the back button: the form's work is done once."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.db import transaction

from accounts.models import SentForm, User


def new_key() -> str:
    """A fresh key for a form that is being shown."""
    return str(uuid.uuid4())


def own_key(key: str, by: User) -> uuid.UUID | None:
    """The key as it counts for this person: another's form of the same key is another form."""
    try:
        return uuid.uuid5(uuid.UUID(key), str(by.pk))
    except (ValueError, AttributeError, TypeError):
        return None


def already_done(key: str, by: User) -> str | None:
    """The page a form led to when it was sent before; None when it was not."""
    form = SentForm.objects.filter(key=own_key(key, by), by=by).first()
    return form.target if form else None


def do_once(key: str, by: User, work: Callable[[], str]) -> tuple[str, bool]:
    """Do the work of a form unless its key has done it; answer the page it led to, and whether now.

    The key's row is written in the same transaction as the work: both stand or neither does.
    """
    own = own_key(key, by) or uuid.uuid4()
    with transaction.atomic():
        form, is_first = SentForm.objects.get_or_create(key=own, by=by)
        if not is_first:
            return form.target, False
        form.target = work()
        form.save(update_fields=["target"])
    return form.target, True

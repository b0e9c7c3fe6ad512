"""What the books of the admin propose to a second administrator, and how it is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest

from accounts.admin_base import ALONE, WAITS
from accounts.models import ProposedChange
from accounts.permissions import signed_in_person
from accounts.proposals import ChangeRefused, propose_change
from accounts.proposed_change import ProposedChangeKind as Kind


def propose_in_admin(request: HttpRequest, **what: Any) -> ProposedChange | None:
    """Propose, and say whether it waits, took effect alone or was refused."""
    try:
        change = propose_change(by=signed_in_person(request), **what)
    except ChangeRefused as refusal:
        messages.error(request, str(refusal))
        return None
    words = ALONE if change.took_effect_alone else WAITS
    messages.info(request, words.format(change.sentence))
    return change


def say_if_refused(request: HttpRequest, action: Callable[..., None], **what: Any) -> None:
    """Do it for the person who asks, or say why it is not theirs to do."""
    try:
        action(by=request.user, **what)
    except ChangeRefused as refusal:
        messages.error(request, str(refusal))


class ConfirmedFields(admin.ModelAdmin):  # type: ignore[type-arg]  # Django has none at run time
    """A book some of whose fields decide what may be billed: a second administrator confirms."""

    confirmed: tuple[str, ...] = ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Names are saved at once; what verdicts rest on is proposed and stays as it was."""
        asked = [name for name in form.changed_data if name in self.confirmed and change]
        values = {}
        for name in asked:
            field = obj._meta.get_field(name)
            value, before = getattr(obj, field.attname), form.initial[name]
            values[name] = "" if value is None else str(value)
            setattr(obj, field.attname, None if before is None else field.to_python(before))
        super().save_model(request, obj, form, change)
        if values:
            book = obj._meta.label_lower
            what = {"book": book, "row": obj.pk, "subject": str(obj)[:300], "values": values}
            propose_in_admin(request, kind=Kind.BOOK_ROW, **what)

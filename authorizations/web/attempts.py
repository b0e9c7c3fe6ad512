"""An action asked for by a form: done whole, or refused under the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db import transaction

from authorizations.exceptions import Refused
from authorizations.workflow import IllegalMove


def is_done(form: forms.BaseForm, work: Callable[[], Any], *, field: str | None = None) -> bool:
    """Whether it could be done; if not, the form says why, at the field that it is about."""
    try:
        with transaction.atomic():
            work()
    except (Refused, IllegalMove) as refusal:
        form.add_error(field, str(refusal))
        return False
    return True

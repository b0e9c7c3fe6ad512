"""Which line a charge may take, and when a correction by hand overrides the rulebook."""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone

from accounts.models import User
from accounts.roles import roles_of
from authorizations.actions.moves import write_event
from authorizations.models import Charge
from authorizations.overrides import OVERRIDE
from authorizations.workflow import MANAGERS, IllegalMove
from coding.rules.common import GUIDANCE_CODES, SUPERFICIAL, SURFACE_GUIDANCE, guidance_codes_on


def code_refusal(charge: Charge, code: str) -> str | None:
    """Why the charge of this session may not carry this code; None where it may."""
    valid = guidance_codes_on(charge.date_of_service)
    if code not in GUIDANCE_CODES:
        return (
            f"{code} is not image guidance, and this charge is of a guidance session. Void it; "
            "that service is charged elsewhere."
        )
    if code not in valid:
        codes = ", ".join(sorted(valid))
        return f"{code} is not valid on {charge.date_of_service:%-d %b %Y}: only {codes}."
    session = charge.session
    is_surface = session.delivery_code in SUPERFICIAL and "ultrasound" in session.modalities
    if code == SURFACE_GUIDANCE and not is_surface:
        return (
            f"{code} is ultrasound placement of a superficial treatment (77436 to 77438), which "
            "this session is not."
        )
    return None


def refuse_code(charge: Charge, code: str) -> None:
    """Raises IllegalMove where the charge may not carry this code."""
    refusal = code_refusal(charge, code)
    if refusal:
        raise IllegalMove(refusal)


def override_by_correction(charge: Charge, removed: Collection[str], by: User, reason: str) -> None:
    """Enter a correction by hand that silenced stops or holds as the override that it is.

    Raises IllegalMove where this person may not override. Two-person confirmation hooks in here.
    """
    numbers = sorted(removed)
    if not MANAGERS & roles_of(by, charge.facility):
        raise IllegalMove(
            f"This line would silence {', '.join(numbers)}, and the rulebook does not propose it: "
            "that is an override, which a manager enters with the reason. Mend what it names, or "
            "ask a manager."
        )
    charge.overridden_at, charge.overridden_by = timezone.now(), by
    charge.override_reason = reason
    charge.save(update_fields=["overridden_at", "overridden_by", "override_reason"])
    details = {"line": charge.line, "rule": numbers[0], "rules": numbers, "by": "correction"}
    write_event(charge, OVERRIDE, charge.status, by, reason, details)

"""Which line a charge may take, and when a correction by hand overrides the rulebook."""

from __future__ import annotations

from collections.abc import Collection

from django.utils import timezone

from accounts.models import User
from accounts.roles import roles_of
from authorizations.charges.moves import write_charge_event
from authorizations.models import Charge
from authorizations.verdicts.objections import BY_CORRECTION, PROPOSED
from authorizations.verdicts.proposed_line import code_refusal
from authorizations.workflow import MANAGERS, IllegalMove


def refuse_code(charge: Charge, code: str) -> None:
    """Raises IllegalMove where the charge may not carry this code."""
    refusal = code_refusal(charge, code)
    if refusal:
        raise IllegalMove(refusal)


def override_by_correction(
    charge: Charge, removed: Collection[str], before: dict[str, object], by: User, reason: str
) -> None:
    """Enter a correction by hand that silenced stops or holds as the override that it is.

    It waits for another manager, who confirms it or declines it; ``before`` is the line to which
    declining goes back. Raises IllegalMove where this person may not override.
    """
    numbers = sorted(removed)
    if not MANAGERS & roles_of(by, charge.facility):
        raise IllegalMove(
            f"This line would silence {', '.join(numbers)}, and the rulebook does not propose it: "
            "that is an override, which a manager enters with the reason and another confirms. "
            "Mend what it names, or ask a manager."
        )
    charge.overridden_at = charge.overridden_by = None
    charge.override_proposed_at, charge.override_proposed_by = timezone.now(), by
    charge.override_reason = reason
    charge.save(
        update_fields=[
            "overridden_at",
            "overridden_by",
            "override_proposed_at",
            "override_proposed_by",
            "override_reason",
        ]
    )
    details = {"line": charge.line, "rule": numbers[0], "rules": numbers, "by": BY_CORRECTION}
    write_charge_event(charge, PROPOSED, charge.status, by, reason, {**details, "before": before})

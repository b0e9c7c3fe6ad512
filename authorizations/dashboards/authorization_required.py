"""Which plans wanted to be asked on which days, looked up when a figure is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain

from payers.models import AuthorizationPolicy, Plan
from payers.policies.lookup import by_payer, whether_required
from payers.policies.state_law import PROHIBITIONS


class Asking:
    """All published policies, read once. The narrowest in force that day answers; where a state
    forbids asking, nothing is wanted.
    """

    def __init__(self) -> None:
        rows = AuthorizationPolicy.objects.filter(is_published=True).order_by("pk")
        self.policies = by_payer(rows.select_related("payer", "issuer", "plan"))
        self.plans = {plan.pk: plan for plan in Plan.objects.all()}

    def answer(self, plan_id: int, on: date) -> bool | None:
        """Whether the plan wanted to be asked that day; None where nobody knows."""
        return whether_required(self.plans[plan_id], on, self.policies)

    def depends_on_service(self, since: date, through: date) -> bool:
        """Whether a policy of these days speaks about some services only: plan and day are not
        enough to answer.
        """
        return any(
            policy.only_for
            and policy.effective_from <= through
            and not (policy.effective_through and policy.effective_through < since)
            for policy in chain.from_iterable(self.policies.values())
        )

    def changes(self) -> Iterator[date]:
        """The first days on which something else may be wanted than on the day before."""
        for policy in chain.from_iterable(self.policies.values()):
            yield policy.effective_from
            if policy.effective_through:
                yield policy.effective_through + timedelta(days=1)
        for law in PROHIBITIONS:
            yield law.effective_from

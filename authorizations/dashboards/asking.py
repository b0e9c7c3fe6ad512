"""Which plans wanted to be asked on which days, looked up when a figure is asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain

from payers.models import AuthorizationPolicy, Plan
from payers.policies import speaks_for
from payers.state_law import PROHIBITIONS, prohibition


class Asking:
    """All published policies, read once. The narrowest in force that day answers; where a state
    forbids asking, nothing is wanted.
    """

    def __init__(self) -> None:
        rows = AuthorizationPolicy.objects.filter(is_published=True).order_by("pk")
        self.policies: dict[int, list[AuthorizationPolicy]] = defaultdict(list)
        for row in sorted(rows.select_related("plan", "payer"), key=lambda row: row.breadth):
            self.policies[row.payer_id].append(row)
        self.plans = {plan.pk: plan for plan in Plan.objects.all()}

    def answer(self, plan_id: int, on: date) -> bool | None:
        """Whether the plan wanted to be asked that day; None where nobody knows."""
        plan = self.plans[plan_id]
        if prohibition(line_of_business=plan.line_of_business, state=plan.state, on=on):
            return False
        mine = self.policies.get(plan.payer_id, ())
        policy = next((row for row in mine if speaks_for(row, plan, on)), None)
        if policy is None or policy.requirement == policy.Requirement.UNKNOWN:
            return None
        return policy.requirement == policy.Requirement.REQUIRED

    def changes(self) -> Iterator[date]:
        """The first days on which something else may be wanted than on the day before."""
        for policy in chain.from_iterable(self.policies.values()):
            yield policy.effective_from
            if policy.effective_through:
                yield policy.effective_through + timedelta(days=1)
        for law in PROHIBITIONS:
            yield law.effective_from

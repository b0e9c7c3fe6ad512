"""What a payer asks on a day: the narrowest policy in force wins, and silence stays silence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from payers.amounts.worth import FeeBook, Line
from payers.models import AuthorizationPolicy, CodingPolicy, LineOfBusiness, Plan, Scoped
from payers.policies.state_law import prohibition
from payers.spans import in_force as in_force


def speaks_for(row: Scoped, plan: Plan, on: date) -> bool:
    """Whether this row is in force that day and its scope holds this plan."""
    if row.effective_from > on or (row.effective_through and row.effective_through < on):
        return False
    if row.plan_id:
        return row.plan_id == plan.pk
    return row.payer_id == plan.payer_id and row.line_of_business in ("", plan.line_of_business)


def by_payer(rows: Iterable[Scoped]) -> dict[int, list[Scoped]]:
    """Policies by their payer, the narrowest first."""
    grouped: dict[int, list[Scoped]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.breadth):
        grouped[row.payer_id].append(row)
    return grouped


def whether_required(plan: Plan, on: date, policies: Mapping[int, list[Scoped]]) -> bool | None:
    """Whether a plan wants to be asked that day, by the policies of its payer; None where nobody
    knows.
    """
    if plan.line_of_business == LineOfBusiness.SELF_PAY:
        return False
    if prohibition(line_of_business=plan.line_of_business, state=plan.state, on=on):
        return False
    row = next((r for r in policies.get(plan.payer_id, ()) if speaks_for(r, plan, on)), None)
    if not row or row.requirement == AuthorizationPolicy.Requirement.UNKNOWN:
        return None
    return row.requirement == AuthorizationPolicy.Requirement.REQUIRED


class PolicyBook:
    """All policies, rates and national amounts, read once and asked many times."""

    def __init__(self) -> None:
        self.coding = by_payer(
            CodingPolicy.objects.filter(is_published=True).select_related("payer", "plan")
        )
        self.authorization = by_payer(
            AuthorizationPolicy.objects.filter(is_published=True).select_related("payer", "plan")
        )
        self.fees = FeeBook()

    def suppose(self, policy: CodingPolicy | AuthorizationPolicy) -> None:
        """Take a policy that is only proposed as if it were in force, before its equals."""
        book = self.coding if isinstance(policy, CodingPolicy) else self.authorization
        rows = book[policy.payer_id]
        place = next((n for n, row in enumerate(rows) if row.breadth >= policy.breadth), len(rows))
        rows.insert(place, policy)

    def coding_policy(self, plan: Plan, topic: str, on: date) -> CodingPolicy | None:
        """The narrowest answer of this plan's payer on a topic that day."""
        rows = self.coding.get(plan.payer_id, ())
        return next((r for r in rows if r.topic == topic and speaks_for(r, plan, on)), None)

    def answer(self, plan: Plan | None, topic: str, on: date) -> str | None:
        """The value of that policy, or None where the payer is silent."""
        row = plan and self.coding_policy(plan, topic, on)
        return row.value if row else None

    def authorization_policy(self, plan: Plan, on: date) -> AuthorizationPolicy | None:
        """Whether and through whom this plan wants to be asked that day."""
        rows = self.authorization.get(plan.payer_id, ())
        return next((row for row in rows if speaks_for(row, plan, on)), None)

    def is_required(self, plan: Plan | None, on: date) -> bool | None:
        """Whether permission is required that day; None where nobody knows."""
        return whether_required(plan, on, self.authorization) if plan else None

    def amount(
        self, plan: Plan | None, code: str, modifiers: Iterable[str], units: int, on: date
    ) -> tuple[Decimal | None, str]:
        """Expected dollars of a line wherever it is given, and where the figure comes from."""
        worth = self.fees.worth(Line(plan, code, tuple(modifiers), units, on))
        return worth.amount, worth.source

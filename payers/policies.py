"""What a payer asks on a day: the narrowest policy in force wins, and silence stays silence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from coding.models import ConversionFactor, FeeScheduleRow
from payers.models import AuthorizationPolicy, CodingPolicy, ContractRate, Plan, Scoped
from payers.state_law import prohibition

CENT = Decimal("0.01")


def money(amount: Decimal) -> Decimal:
    """Dollars to the cent, half a cent up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def speaks_for(row: Scoped, plan: Plan, on: date) -> bool:
    """Whether this row is in force that day and its scope holds this plan."""
    if row.effective_from > on or (row.effective_through and row.effective_through < on):
        return False
    if row.plan_id:
        return row.plan_id == plan.pk
    return row.payer_id == plan.payer_id and row.line_of_business in ("", plan.line_of_business)


class PolicyBook:
    """All policies, rates and national amounts, read once and asked many times."""

    def __init__(self) -> None:
        self.coding = self._by_payer(
            CodingPolicy.objects.filter(is_published=True).select_related("payer", "plan")
        )
        self.authorization = self._by_payer(
            AuthorizationPolicy.objects.filter(is_published=True).select_related("payer", "plan")
        )
        self.rates = list(ContractRate.objects.all())
        self.fees = list(FeeScheduleRow.objects.all())
        self.factors = list(ConversionFactor.objects.filter(track="standard"))

    @staticmethod
    def _by_payer(rows: Iterable[Scoped]) -> dict[int, list[Scoped]]:
        grouped: dict[int, list[Scoped]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: row.breadth):
            grouped[row.payer_id].append(row)
        return grouped

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
        if plan and prohibition(line_of_business=plan.line_of_business, state=plan.state, on=on):
            return False
        row = plan and self.authorization_policy(plan, on)
        if not row or row.requirement == AuthorizationPolicy.Requirement.UNKNOWN:
            return None
        return row.requirement == AuthorizationPolicy.Requirement.REQUIRED

    def amount(
        self, plan: Plan | None, code: str, modifiers: Iterable[str], units: int, on: date
    ) -> tuple[Decimal | None, str]:
        """Expected dollars of a line and where the figure comes from: contract, else national."""
        component = next((m for m in modifiers if m in ("26", "TC")), "")
        rate = self._rate(plan, code, component, on)
        if rate is not None:
            return money(rate * units), "contract rate"
        national = self._national(code, component, on)
        if national is None:
            return None, "no amount loaded for this date"
        return money(national * units), "national amount"

    def _rate(self, plan: Plan | None, code: str, component: str, on: date) -> Decimal | None:
        rows = (r for r in self.rates if plan and r.plan_id == plan.pk and r.code == code)
        found = [r for r in rows if r.modifier == component and in_force(r, on)]
        return found[0].amount if found else None

    def _national(self, code: str, component: str, on: date) -> Decimal | None:
        rows = (f for f in self.fees if f.code == code and f.modifier == component)
        fee = next((f for f in rows if in_force(f, on)), None)
        factor = next((f for f in self.factors if in_force(f, on)), None)
        if fee is None or factor is None:
            return None
        total = fee.work_rvu + fee.practice_rvu + fee.malpractice_rvu
        return total * factor.dollars_per_rvu if fee.status in "AR" else Decimal(0)


def in_force(row, on: date) -> bool:
    """Whether a dated row is true on that day."""
    return row.effective_from <= on and not (row.effective_through and row.effective_through < on)

"""What a payer asks on a day: the narrowest policy in force wins, and silence stays silence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import copy
from datetime import date, timedelta
from decimal import Decimal

from payers.amounts.worth import FeeBook, Line
from payers.models import AuthorizationPolicy, CodingPolicy, LineOfBusiness, Plan
from payers.policies.narrowest import Found, Policy, Row, missing_for, narrowest
from payers.policies.scope import NOTHING_KNOWN, Service, is_within
from payers.policies.state_law import prohibition
from payers.spans import in_force as in_force

Requirement = AuthorizationPolicy.Requirement


def speaks_for(row: Policy, plan: Plan, on: date, service: Service = NOTHING_KNOWN) -> bool:
    """Whether this row is in force that day and its scope holds, or may hold, this service."""
    return missing_for(row, plan, on, service) is not None


def by_payer(rows: Iterable[Row]) -> dict[int, list[Row]]:
    """Policies by their payer, the narrowest first."""
    grouped: dict[int, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.breadth):
        grouped[row.payer_id].append(row)
    return grouped


def whether_required(
    plan: Plan,
    on: date,
    policies: Mapping[int, list[AuthorizationPolicy]],
    service: Service = NOTHING_KNOWN,
) -> bool | None:
    """Whether a plan wants to be asked that day, by the policies of its payer; None where nobody
    knows.
    """
    if is_never_asked(plan, on):
        return False
    rows = policies.get(plan.payer_id, ())
    row = narrowest(rows, plan, on, service, lambda row: row.requirement).row
    if not row or row.requirement == Requirement.UNKNOWN:
        return None
    return row.requirement == Requirement.REQUIRED


def is_never_asked(plan: Plan, on: date) -> bool:
    """Whether there is nobody to ask, or a state forbids asking."""
    law = prohibition(line_of_business=plan.line_of_business, state=plan.state, on=on)
    return plan.line_of_business == LineOfBusiness.SELF_PAY or law is not None


class PolicyBook:
    """All policies, rates and national amounts, read once and asked many times."""

    def __init__(self) -> None:
        self.coding = by_payer(
            CodingPolicy.objects.filter(is_published=True).select_related("payer", "issuer", "plan")
        )
        self.authorization = by_payer(
            AuthorizationPolicy.objects.filter(is_published=True).select_related(
                "payer", "issuer", "plan"
            )
        )
        self.fees = FeeBook()

    def suppose(self, policy: CodingPolicy | AuthorizationPolicy) -> None:
        """Take a policy that is only proposed as if it were in force: its equals end before it."""
        if isinstance(policy, CodingPolicy):
            self.coding[policy.payer_id] = followed(self.coding[policy.payer_id], policy)
        else:
            rows = self.authorization[policy.payer_id]
            self.authorization[policy.payer_id] = followed(rows, policy)

    def find_coding_policy(
        self, plan: Plan, topic: str, on: date, service: Service = NOTHING_KNOWN
    ) -> Found[CodingPolicy]:
        """The narrowest answer of this plan's payer on a topic that day, or why there is none."""
        rows = (row for row in self.coding.get(plan.payer_id, ()) if row.topic == topic)
        return narrowest(rows, plan, on, service, lambda row: row.decision)

    def coding_policy(
        self, plan: Plan, topic: str, on: date, service: Service = NOTHING_KNOWN
    ) -> CodingPolicy | None:
        """The policy that answers; None in silence and in doubt."""
        return self.find_coding_policy(plan, topic, on, service).row

    def answer(
        self, plan: Plan | None, topic: str, on: date, service: Service = NOTHING_KNOWN
    ) -> str | None:
        """The value of that policy, or None where the payer is silent."""
        row = plan and self.coding_policy(plan, topic, on, service)
        return row.value if row else None

    def find_authorization_policy(
        self, plan: Plan, on: date, service: Service = NOTHING_KNOWN
    ) -> Found[AuthorizationPolicy]:
        """Whether and through whom this plan wants to be asked that day, or why nobody can say."""
        rows = self.authorization.get(plan.payer_id, ())
        return narrowest(rows, plan, on, service, lambda row: row.decision)

    def authorization_policy(
        self, plan: Plan, on: date, service: Service = NOTHING_KNOWN
    ) -> AuthorizationPolicy | None:
        """The policy that answers; None in silence and in doubt."""
        return self.find_authorization_policy(plan, on, service).row

    def is_required(
        self, plan: Plan | None, on: date, service: Service = NOTHING_KNOWN
    ) -> bool | None:
        """Whether permission is required that day; None where nobody knows."""
        return whether_required(plan, on, self.authorization, service) if plan else None

    def requirement_doubt(
        self, plan: Plan | None, on: date, service: Service = NOTHING_KNOWN
    ) -> str:
        """Why the policies on file cannot say whether permission is required; empty if they can,
        and where there are none.
        """
        if plan is None or is_never_asked(plan, on):
            return ""
        rows = self.authorization.get(plan.payer_id, ())
        return narrowest(rows, plan, on, service, lambda row: row.requirement).doubt

    def amount(
        self, plan: Plan | None, code: str, modifiers: Iterable[str], units: int, on: date
    ) -> tuple[Decimal | None, str]:
        """Expected dollars of a line wherever it is given, and where the figure comes from."""
        worth = self.fees.worth(Line(plan, code, tuple(modifiers), units, on))
        return worth.amount, worth.source


def followed(rows: Iterable[Row], policy: Row) -> list[Row]:
    """The policies of a payer as they are once this one is published, as `publish` ends them."""
    kept = [row for row in rows if not is_same_matter(row, policy) or not do_overlap(row, policy)]
    ended = [
        copy_ending(row, policy.effective_from - timedelta(days=1))
        for row in rows
        if row not in kept and row.effective_from < policy.effective_from
    ]
    return sorted([policy, *kept, *ended], key=lambda row: row.breadth)


def is_same_matter(row: Policy, policy: Policy) -> bool:
    """Whether two rows answer the same for the same scope."""
    is_same_scope = is_within(row, policy) and is_within(policy, row)
    return is_same_scope and getattr(row, "topic", "") == getattr(policy, "topic", "")


def do_overlap(row: Policy, policy: Policy) -> bool:
    """Whether both are in force on some day."""
    return not (
        (row.effective_through and row.effective_through < policy.effective_from)
        or (policy.effective_through and policy.effective_through < row.effective_from)
    )


def copy_ending(row: Row, on: date) -> Row:
    ended = copy(row)
    ended.effective_through = on
    return ended

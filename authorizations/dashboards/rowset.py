"""What a set of rows is: one of them, its payer, its scope, and how it is counted by day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from accounts.roles import Permission
from authorizations.dashboards.period import Period

Rows = Callable[[Period], QuerySet]


@dataclass(frozen=True)
class DayColumns:
    """How rows are counted by day: which day, place and plan they belong to.

    ``rows``: those to count where not all of the base; whether the plan wanted to be asked that day
    (None: nobody knows) then chooses between plans (``by_policy``). ``settled``: what a row must
    fulfil for time alone not to change its numbers any more, given the last day that is over
    everywhere.
    """

    day: str
    facility: str = "facility"
    plan: str = "plan"
    rows: Rows | None = None
    by_policy: Callable[[bool | None], bool] | None = None
    settled: Callable[[date], Q] | None = None


@dataclass(frozen=True)
class RowSet:
    """A set of rows: what one of them is, and by which columns it knows its payer.

    ``counted_with``: the base whose counts serve this one too, for other days and plans of them.
    """

    key: str
    noun: str
    rows: Rows
    payer: str = "plan__payer"
    line_of_business: str = "plan__line_of_business"
    is_now: bool = False
    days: DayColumns | None = None
    counted_with: RowSet | None = None

    @property
    def kept_as(self) -> RowSet:
        """The base whose kept counts are read."""
        return self.counted_with or self

    @property
    def who(self) -> tuple[str, str]:
        return self.payer, self.line_of_business

    def to_count(self, period: Period) -> QuerySet:
        """The rows that are counted by day."""
        rows = self.days and self.days.rows
        return (rows or self.rows)(period)


def seen(rows: QuerySet, period: Period) -> QuerySet:
    """The rows within the person's facilities; all of them for the machine itself."""
    if period.user is None:
        return rows
    return rows.for_user(period.user, Permission.READ_DASHBOARD)


def in_scope(rows: QuerySet, period: Period, plan: str, facility: str) -> QuerySet:
    """Narrowed to the dashboard's facility, line of business and issuer."""
    if period.facility:
        rows = rows.filter(**{facility: period.facility})
    if period.line_of_business:
        rows = rows.filter(**{f"{plan}__line_of_business": period.line_of_business})
    if period.issuer:
        rows = rows.filter(**{f"{plan}__issuer": period.issuer})
    return rows

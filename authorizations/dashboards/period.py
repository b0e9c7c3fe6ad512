"""What a dashboard is about: whose cases, between which days, where, of which kind of plan."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Facility, User
from payers.models import Issuer


@dataclass(frozen=True)
class Period:
    """The days asked for (both inclusive), the moment at which they are looked at, the scope.

    No user: the machine itself, which sees all. ``books``: what was once looked up for it.
    """

    user: User | None
    now: datetime
    since: date
    until: date | None = None
    facility: Facility | None = None
    line_of_business: str = ""
    issuer: Issuer | None = None
    books: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def today(self) -> date:
        return timezone.localtime(self.now).date()

    @property
    def through(self) -> date:
        """The last day of the period."""
        return self.until or self.today

    @property
    def days(self) -> tuple[date, date]:
        return self.since, self.through

    @property
    def previous(self) -> Period:
        """The period of equal length that ends the day before this one begins."""
        length = self.through - self.since + timedelta(days=1)
        return replace(self, since=self.since - length, until=self.since - timedelta(days=1))

"""Filters above the lists, one set for each list."""

from authorizations.charges.queue.filters import ChargeFilter
from authorizations.worklists.filters import AuthorizationFilter, CourseFilter, QueueFilterSet

__all__ = ["AuthorizationFilter", "ChargeFilter", "CourseFilter", "QueueFilterSet"]

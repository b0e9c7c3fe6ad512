"""Filters above the lists, one set for each list."""

from authorizations.filters.base import AuthorizationFilter, CourseFilter, QueueFilterSet
from authorizations.filters.charges import ChargeFilter

__all__ = ["AuthorizationFilter", "ChargeFilter", "CourseFilter", "QueueFilterSet"]

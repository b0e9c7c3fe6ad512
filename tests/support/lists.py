"""Every list with filters."""

from __future__ import annotations

from authorizations.charges.queue.filters import ChargeFilter
from authorizations.worklists.filters import AuthorizationFilter, CourseFilter

LISTS = {
    "course_list": CourseFilter,
    "authorization_list": AuthorizationFilter,
    "charge_list": ChargeFilter,
}

"""The requests of a course as a file."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.exports.response import Tables
from authorizations.web.export_columns import AUTHORIZATION


def course_tables(requests: QuerySet) -> Tables:
    """The requests of a course."""
    return {"authorizations": (AUTHORIZATION, requests)}

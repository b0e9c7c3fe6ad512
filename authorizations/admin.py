"""Read-only windows on cases. No case is ever changed in the admin."""

from __future__ import annotations

from django.contrib import admin

from accounts.bookkeeping import Window
from accounts.roles import Permission
from authorizations.models import Charge, Course, GuidanceSession, PriorAuthorization


@admin.register(Course)
class Courses(Window):
    """Courses by number."""

    patient_path = "patient"
    list_display = ("code", "body_site", "technique", "facility", "first_fraction_on")
    list_filter = ("facility", "technique")
    search_fields = ("code",)
    list_select_related = ("facility",)


@admin.register(PriorAuthorization)
class Authorizations(Window):
    """Requests by standing."""

    list_display = ("__str__", "plan", "status", "evidence", "due_at", "decided_on")
    list_filter = ("status", "plan__payer", "evidence")
    search_fields = ("number", "reference")
    list_select_related = ("plan",)


@admin.register(GuidanceSession)
class Sessions(Window):
    """Sessions by day."""

    list_display = ("course", "date_of_service", "fraction", "facility", "is_delivered")
    list_filter = ("facility", "is_delivered", "date_of_service")
    search_fields = ("course__code", "source_record")
    list_select_related = ("course", "facility")


@admin.register(Charge)
class Charges(Window):
    """Charges by standing."""

    patient_path = "session__course__patient"
    permissions = (Permission.REVIEW_CHARGES, Permission.READ_AUDIT)
    list_display = ("__str__", "date_of_service", "status", "disposition", "leading_rule", "plan")
    list_filter = ("status", "disposition", "leading_rule", "facility")
    search_fields = ("session__course__code",)
    list_select_related = ("plan",)

"""Read-only windows on cases. No case is ever changed in the admin."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django_tasks_db.models import DBTaskResult

from accounts.admin_base import Book, Window
from accounts.roles import Permission, is_permitted_somewhere
from authorizations.exceptions import Refused
from authorizations.imports.machine_channels import confirm_channel, end_channel
from authorizations.models import (
    Charge,
    Course,
    GuidanceSession,
    MachineChannel,
    PriorAuthorization,
)

admin.site.unregister(DBTaskResult)  # what waits is on Home and in check_invariants


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


@admin.register(MachineChannel)
class MachineChannels(Book):
    """Machines whose approvals count: made by create_channel, confirmed and ended here."""

    list_display = ("name", "facility", "is_active", "made_by", "made_at", "confirmed_by")
    list_select_related = ("facility", "made_by", "confirmed_by")
    actions = ("confirm_channels", "end_channels")

    def has_add_permission(self, request: HttpRequest, obj: MachineChannel | None = None) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: MachineChannel | None = None
    ) -> bool:
        return obj is None and self.has_module_permission(request)

    def has_keep_permission(self, request: HttpRequest) -> bool:
        """Whether this person confirms and ends channels."""
        return is_permitted_somewhere(request.user, Permission.KEEP_BOOKS)

    @admin.action(description="Confirm the ticked channels", permissions=["keep"])
    def confirm_channels(self, request: HttpRequest, queryset: QuerySet) -> None:
        for channel in queryset:
            try:
                confirm_channel(channel=channel, by=request.user)
            except Refused as refusal:
                self.message_user(request, f"{channel}: {refusal}", messages.ERROR)
            else:
                self.message_user(request, f"{channel}: confirmed; its approvals count.")

    @admin.action(description="End the ticked channels", permissions=["keep"])
    def end_channels(self, request: HttpRequest, queryset: QuerySet) -> None:
        for channel in queryset:
            end_channel(channel=channel)
            self.message_user(request, f"{channel}: ended; what it brings is only a report.")

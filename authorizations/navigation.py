"""The main navigation: each person sees the pages their roles open."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User
from accounts.past import clock
from accounts.roles import Permission as P
from accounts.roles import is_permitted_somewhere, roles_anywhere
from accounts.waiting_changes import count_waiting
from authorizations.day_list.lists import KEYS, DayList
from authorizations.models import Task

ITEMS = (
    # label, url name, icon, permissions that open it
    ("Home", "home", "house", ()),
    ("Courses", "course_list", "people", (P.READ_CASES,)),
    ("Authorizations", "authorization_list", "shield-check", (P.READ_CASES,)),
    ("Day sheet", "day_sheet", "calendar-day", (P.READ_CASES,)),
    ("Reconciliation", "reconciliation", "check-circle", (P.READ_CASES,)),
    ("Image review", "image_review_list", "eye", (P.REVIEW_IMAGES,)),
    ("Charges", "charge_list", "receipt", (P.REVIEW_CHARGES, P.READ_AUDIT)),
    ("Batches", "batch_list", "box-seam", (P.REVIEW_CHARGES, P.READ_AUDIT)),
    ("Dashboard", "payer_dashboard", "bar-chart", (P.READ_DASHBOARD,)),
    ("Import", "treatment_import", "upload", (P.IMPORT,)),
    ("Payers", "payer_list", "building", (P.READ_BOOKS,)),
    ("Codes", "code_list", "upc", (P.READ_BOOKS,)),
    ("Rulebook", "rulebook", "book", (P.READ_BOOKS,)),
    ("Admin", "admin:index", "gear", (P.KEEP_BOOKS,)),
)


def navigation(request: HttpRequest) -> dict[str, object]:
    """The items of the bar, with the current one marked, and the person's roles in words."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": [], "theme": request.COOKIES.get("theme", "auto")}
    current = request.resolver_match.view_name if request.resolver_match else ""
    counts = {**task_counts(user), "admin:index": count_waiting(user)}
    return {
        "navigation": [
            {
                "label": label,
                "url": reverse(name),
                "icon": icon,
                "is_current": is_item_current(name, current),
                "count": counts.get(name),
            }
            for label, name, icon, permissions in ITEMS
            if not permissions or is_permitted_somewhere(user, *permissions)
        ],
        "can_search": is_permitted_somewhere(user, P.READ_CASES),
        "role_names": sorted(role.replace("_", " ") for role in roles_anywhere(user)),
        "theme": request.COOKIES.get("theme", "auto"),
    }


def task_counts(user: User) -> dict[str, int]:
    """How many tasks wait behind an item, for the front office."""
    if not is_permitted_somewhere(user, P.LOG_AUTHORIZATIONS):
        return {}
    rows = Task.objects.open().for_user(user, P.LOG_AUTHORIZATIONS).order_by()
    mine = DayList(user, clock.now()).condition() & Q(queue__in=KEYS)
    return rows.aggregate(
        home=Count("course", distinct=True, filter=mine),
        authorization_list=Count("pk", filter=Q(authorization__isnull=False)),
        course_list=Count("pk", filter=Q(authorization__isnull=True)),
    )


def is_item_current(name: str, current: str) -> bool:
    """Whether the page shown belongs to this item: its own page or one of the same noun.

    The longest item that fits is the page's own: the payer dashboard is not the list of payers.
    """
    fitting = [item for _, item, _, _ in ITEMS if current.startswith(noun(item))]
    return name == max(fitting, key=lambda item: len(noun(item)), default="")


def noun(name: str) -> str:
    return f"{name.removesuffix('_list')}_" if name.endswith("_list") else name

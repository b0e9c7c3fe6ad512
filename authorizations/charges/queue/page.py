"""The charge queue as shown: its groups, the fifty rows of a page, and the addresses between."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import QueryDict

from accounts.models import User
from accounts.roles import Permission
from accounts.scoping import Places, places_of
from authorizations.charges.queue.actions import being_worked
from authorizations.charges.queue.groups import BY_KEY, DIMENSIONS, Group, Sums
from authorizations.models import OPEN, Charge, ChargeStatus, CodingReview
from authorizations.verdicts.status import STATUS_TONES, TONES

PER_PAGE = 50
MOST_COUNTED = 10_000
MOST_SHOWN = 12
SEVERITY = {"STOP": "Stop", "HOLD": "Hold", "WARN": "Warning"}
SHORT_STATUS = {ChargeStatus.READY: "Ready", ChargeStatus.NOT_BILLABLE: "Not billable"}
PLACE_KEYS = ("charge", "export")
TRANSIENT = ("charge", "page", "all", "export")
FIELDS = (
    "pk",
    "date_of_service",
    "code",
    "modifiers",
    "units",
    "amount",
    "status",
    "disposition",
    "leading_rule",
    "filing_deadline",
    "hold_reason",
    "plan__code",
    "facility",
    "facility__code",
    "session__fraction",
    "session__course__fractions_planned",
    "session__course__patient__last_name",
    "session__course__patient__first_name",
    "session__course__patient__mrn",
    "assignment__assigned_to",
    "assignment__assigned_to__first_name",
    "assignment__assigned_to__last_name",
)


@dataclass(frozen=True)
class QueueRow:
    """One charge of the list in words."""

    pk: int
    on: date
    patient: str
    mrn: str
    fraction: str
    line: str
    units: int
    plan: str
    facility: str
    label: str
    tone: str
    rule: str
    sentence: str
    file_by: date | None
    is_urgent: bool
    amount: Decimal | None
    is_workable: bool
    given_to: str
    worked_by: str


def queue_rows(numbers: list[int], user: User, now: datetime, on: date) -> list[QueueRow]:
    """The rows of these charges, in this order, in one query."""
    latest = CodingReview.objects.filter(charge=OuterRef("pk")).order_by("-id")
    others = being_worked(now).filter(charge=OuterRef("pk")).exclude(by=user).order_by("-at")
    found = (
        Charge.objects.filter(pk__in=numbers)
        .annotate(
            verdict=Subquery(latest.values("verdict")[:1]),
            worker_first=Subquery(others.values("by__first_name")[:1]),
            worker_last=Subquery(others.values("by__last_name")[:1]),
        )
        .values(*FIELDS, "verdict", "worker_first", "worker_last")
    )
    mine = places_of(user, Permission.REVIEW_CHARGES)
    rows = {row["pk"]: queue_row(row, user, on, mine) for row in found}
    return [rows[number] for number in numbers if number in rows]


def queue_row(row: dict[str, Any], user: User, on: date, mine: Places) -> QueueRow:
    course, status = "session__course", row["status"]
    patient = f"{course}__patient"
    label, tone = status_label(status, row["disposition"])
    deadline = row["filing_deadline"]
    return QueueRow(
        pk=row["pk"],
        on=row["date_of_service"],
        patient=f"{row[f'{patient}__last_name']}, {row[f'{patient}__first_name']}",
        mrn=row[f"{patient}__mrn"],
        fraction=f"{row['session__fraction']} of {row[f'{course}__fractions_planned']}",
        line="-".join((row["code"], *row["modifiers"])),
        units=row["units"],
        plan=row["plan__code"] or "no coverage",
        facility=row["facility__code"],
        label=label,
        tone=tone,
        rule=row["leading_rule"],
        sentence=leading_sentence(row),
        file_by=deadline,
        is_urgent=bool(deadline and (deadline - on).days <= 15),
        amount=row["amount"],
        is_workable=status in OPEN and row["facility"] in mine,
        given_to=given_to(row, user),
        worked_by=" ".join(filter(None, (row["worker_first"], row["worker_last"]))),
    )


def status_label(status: str, disposition: str) -> tuple[str, str]:
    """The standing in a word: for held charges the severity, which says who can help."""
    if status == ChargeStatus.HELD and disposition in SEVERITY:
        return SEVERITY[disposition], TONES[disposition]
    label = SHORT_STATUS.get(status) or ChargeStatus(status).label
    return label, STATUS_TONES[status]


def leading_sentence(row: dict[str, Any]) -> str:
    """What the leading finding says; or why a person holds it."""
    if row["hold_reason"]:
        return f"Held by hand: {row['hold_reason']}"
    findings = json.loads(row["verdict"] or "{}").get("findings") or []
    return findings[0]["sentence"] if findings else ""


def given_to(row: dict[str, Any], user: User) -> str:
    number = row["assignment__assigned_to"]
    if number is None:
        return ""
    first, last = (row[f"assignment__assigned_to__{part}_name"] for part in ("first", "last"))
    return "you" if number == user.pk else f"{first} {last}".strip()


class KnownCount(Paginator):
    """Pages of a list that is counted already."""

    def __init__(self, count: int) -> None:
        super().__init__([], PER_PAGE)
        self.count = count

    def numbers(self, page: Page, ordered: QuerySet) -> list[int]:
        """The charges of a page by number only: the rows are fetched for these alone."""
        start = (page.number - 1) * PER_PAGE
        return list(ordered.values_list("pk", flat=True)[start : start + PER_PAGE])


def capped(rows: QuerySet) -> int:
    """How many rows, counted no further than one beyond the most that is counted."""
    return rows.order_by().values("pk")[: MOST_COUNTED + 1].count()


@dataclass(frozen=True)
class Place:
    """Where somebody is in the queue: its filters and page, without the charge that is open."""

    query: QueryDict

    @classmethod
    def of(cls, query: QueryDict) -> Place:
        kept = query.copy()
        for key in PLACE_KEYS:
            kept.pop(key, None)
        for key in [key for key in kept if not kept.get(key)]:
            kept.pop(key)
        return cls(kept)

    def url(self, **changes: Any) -> str:
        """The queue from here with something changed; None takes a filter away."""
        query = self.query.copy()
        for key, value in changes.items():
            query.pop(key, None)
            if value is not None:
                query[key] = str(value)
        return f"?{query.urlencode()}"

    @property
    def mine(self) -> str:
        """Only what is given to me."""
        return self.url(assigned="me", page=None)

    @property
    def here(self) -> str:
        """The beginning of the address of any charge opened from here."""
        return self.url() + ("&" if self.query else "")

    @property
    def filters(self) -> str:
        """The filters, the grouping and the order, whatever page or charge is open."""
        query = self.query.copy()
        for key in TRANSIENT:
            query.pop(key, None)
        return query.urlencode()


@dataclass(frozen=True)
class ShownGroup:
    """A group with the address that opens its rows."""

    group: Group
    url: str
    tone: str
    is_chosen: bool


def shown_groups(groups: list[Group], key: str, place: Place) -> list[ShownGroup]:
    chosen = place.query.get(key)
    return [
        ShownGroup(
            group=group,
            url=place.url(**{key: group.value, "page": None}),
            tone=TONES.get(group.value, group.tone) if key == "disposition" else group.tone,
            is_chosen=group.value == chosen,
        )
        for group in groups
    ]


def groupings(chosen: str, place: Place) -> list[dict[str, Any]]:
    """The ways to group, each with its address."""
    return [
        {"label": d.label, "url": place.url(group=d.key), "is_chosen": d.key == chosen}
        for d in DIMENSIONS
    ]


def chips(form: Any, place: Place) -> list[dict[str, str]]:
    """The filters that are set, in words, each with the address without it."""
    found = []
    for name, field in form.fields.items():
        value = form.cleaned_data.get(name)
        if value in (None, "") or name in ("group", "sort"):
            continue
        words = dict(getattr(field, "choices", ())).get(value, value)
        label = "Course" if name == "course" else field.label
        shown = "one course" if name == "course" else words
        url = place.url(**{name: None, "page": None})
        found.append({"label": label, "words": shown, "url": url})
    return found


def chosen_dimension(query: QueryDict) -> str:
    """The grouping asked for; by finding when none or nonsense is."""
    asked = query.get("group", "")
    return asked if asked in BY_KEY else "rule"


def neighbours(numbers: list[int], chosen: int | None) -> tuple[int | None, int | None]:
    """The charges before and after the open one on this page."""
    if chosen not in numbers:
        return None, None
    here = numbers.index(chosen)
    before = numbers[here - 1] if here else None
    return before, numbers[here + 1] if here + 1 < len(numbers) else None


def rows_counted(sums: Sums | None) -> int:
    """How many rows the pages hold: no more than the most that is counted."""
    return sums.count if sums else MOST_COUNTED

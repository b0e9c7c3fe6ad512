"""The rows of a list of the day: one for each case, the most urgent first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils.timezone import localdate

from authorizations.day_list.course_facts import CourseFacts, read_course_facts
from authorizations.day_list.lists import KEYS
from authorizations.day_list.wanted import DueDay, due_day_of, wanted_of, why_of
from authorizations.models import AuthorizationStatus, Course, PriorAuthorization, Task
from authorizations.workflow import DECIDING

SOON = timedelta(days=7)
NEAR = timedelta(days=3)
FOLLOW_UPS, UNCOVERED, OTHERS = range(3)
GROUPS = {
    FOLLOW_UPS: "Follow-ups due",
    UNCOVERED: "Treatment within 7 days, not covered",
    OTHERS: "Other deadlines",
}
NOT_COVERED = frozenset({"unauthorized", "ended", "short"})
FAR = date.max


@dataclass
class CaseRow:
    """A case as the list shows it: its patient, what is wanted, whom to call, by when."""

    tasks: list[Task]
    facts: CourseFacts
    today: date
    at: int = 0
    others: list[str] = field(default_factory=list)

    @property
    def task(self) -> Task:
        """The task that decides what is wanted: a follow-up only where nothing else is."""
        return next((task for task in self.tasks if task.queue != "touch"), self.tasks[0])

    @property
    def course(self) -> Course:
        return self.facts.course

    @property
    def request(self) -> PriorAuthorization | None:
        """The request that the case is about, where it has one."""
        own = self.task.authorization
        return own or next((t.authorization for t in self.tasks if t.authorization), None)

    @property
    def key(self) -> str:
        """What a box of the list sends for the case."""
        return f"r{self.request.pk}" if self.request else f"c{self.course.pk}"

    @property
    def url(self) -> str:
        if self.request:
            return reverse("authorization_detail", args=[self.request.pk])
        return reverse("course_detail", args=[self.course.pk])

    @property
    def wanted(self) -> str:
        short = self.facts.units_short
        if self.task.queue == "short" and short:
            return f"Ask for {short} more unit{'s' * (short != 1)}"
        return wanted_of(self.task)

    @property
    def why(self) -> str:
        """Why it is in the list, and what else the case wants."""
        others = [wanted_of(task).lower() for task in self.tasks if task is not self.task]
        also = f" Also: {', '.join(dict.fromkeys(others))}." if others else ""
        return f"{why_of(self.task).rstrip('.')}.{also}"

    @property
    def is_uncovered(self) -> bool:
        """Whether the next treatment has no unit."""
        is_first = self.facts.without_unit_on == self.facts.treats_on is not None
        return is_first and any(task.queue in NOT_COVERED for task in self.tasks)

    @property
    def group(self) -> int:
        if any(task.queue == "touch" for task in self.tasks):
            return FOLLOW_UPS
        lacks = self.facts.without_unit_on
        is_soon = lacks is not None and lacks <= self.today + SOON
        is_lacking = any(task.queue in NOT_COVERED for task in self.tasks)
        return UNCOVERED if is_soon and is_lacking else OTHERS

    @property
    def deadline(self) -> DueDay | None:
        """The first deadline of the case; that of the follow-up only where there is no other."""
        lacks, treats = self.facts.without_unit_on, self.facts.treats_on
        found = {task.queue: due_day_of(task, self.today, lacks, treats) for task in self.tasks}
        follow_up = found.pop("touch", None)
        days = [deadline for deadline in found.values() if deadline]
        return min(days, key=lambda one: one.on, default=follow_up)

    @property
    def deadline_words(self) -> str:
        """How long it is until the deadline."""
        return days_until(self.deadline.on, self.today) if self.deadline else ""

    @property
    def deadline_tone(self) -> str:
        if self.deadline is None or self.deadline.on > self.today + NEAR:
            return ""
        return "bad" if self.deadline.on <= self.today else "warn"

    @property
    def may_decide(self) -> bool:
        return self.request is not None and self.request.status in DECIDING.split()

    @property
    def may_submit(self) -> bool:
        """Whether its draft can be sent; a case without a request can get one."""
        return self.request is None or self.request.status == AuthorizationStatus.DRAFT

    @property
    def may_extend(self) -> bool:
        """Whether more can be asked of what was approved."""
        approved = (AuthorizationStatus.APPROVED, AuthorizationStatus.PARTIALLY_APPROVED)
        return self.request is not None and self.request.status in approved

    @property
    def order(self) -> tuple[int, date, Decimal, int]:
        """Follow-ups first, then by the day of the next treatment, then by the dollars at stake."""
        stake = self.facts.at_stake or Decimal(0)
        return (self.group, self.facts.treats_on or FAR, -stake, self.course.pk)


def urgency_of(task: Task) -> tuple[int, int]:
    """The place of its worklist; a denial says more of a case than that nothing is in force."""
    request = task.authorization
    is_denial = request is not None and request.status == AuthorizationStatus.DENIED
    return (-1 if is_denial and task.queue == "denied" else KEYS.index(task.queue), task.pk)


def days_until(day: date, today: date) -> str:
    """In 3 days; today; 2 days over."""
    days = (day - today).days
    if days == 0:
        return "today"
    count = f"{abs(days)} day{'s' * (abs(days) != 1)}"
    return f"in {count}" if days > 0 else f"{count} over"


def day_rows(tasks: Iterable[Task], now: datetime) -> list[CaseRow]:
    """A row for each course with such tasks, in the order in which they should be done."""
    today, by_course = localdate(now), defaultdict(list)
    for task in tasks:
        by_course[task.course_id].append(task)
    facts = read_course_facts(by_course, now)
    rows = [
        CaseRow(sorted(mine, key=urgency_of), facts[pk], today) for pk, mine in by_course.items()
    ]
    rows.sort(key=lambda row: row.order)
    for at, row in enumerate(rows):
        row.at = at
    return rows

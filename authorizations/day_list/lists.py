"""Which tasks are listed: mine, nobody's, the team's, those put off, those done; of which kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localdate

from accounts.models import User
from accounts.permissions import signed_in_person
from accounts.readers import read_row_number
from accounts.roles import Permission
from accounts.scoping import facilities_of, people_with
from accounts.web.query_values import NotKnownHere, asked_choice, unknown
from authorizations.models import Task
from authorizations.models.tasks import TaskQuerySet
from authorizations.worklists import LABELS
from authorizations.worklists.cases import TASKS

P = Permission
MINE, UNASSIGNED, TEAM, DEFERRED, DONE = "mine", "unassigned", "team", "deferred", "done"
NAMES = {
    MINE: "Mine, today",
    DEFERRED: "Deferred",
    DONE: "Done today",
    UNASSIGNED: "Unassigned",
    TEAM: "The team",
}
KEYS = tuple(worklist.key for worklist in TASKS)
TONES = {worklist.key: worklist.tone for worklist in TASKS}


@dataclass(frozen=True)
class DayList:
    """A list of tasks: whose (or the number of a colleague), and of which worklist, if of one."""

    user: User
    now: datetime
    whose: str = MINE
    wanted: str = ""

    @property
    def url(self) -> str:
        """Its address: Home itself for what is mine."""
        asked = {"whose": self.whose if self.whose != MINE else "", "wanted": self.wanted}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{reverse('home')}?{query}" if query else reverse("home")

    @cached_property
    def name(self) -> str:
        """What it is called."""
        if self.wanted:
            return LABELS[self.wanted]
        return NAMES.get(self.whose) or str(User.objects.get(pk=self.whose))

    def tasks(self) -> TaskQuerySet:
        """Its tasks, in no order yet."""
        rows = Task.objects.for_user(self.user, P.LOG_AUTHORIZATIONS).filter(queue__in=KEYS)
        if self.wanted:
            rows = rows.filter(queue=self.wanted)
        if self.whose == DONE:
            return rows.filter(is_mine(self.user), closed_at__date=localdate(self.now))
        return rows.open().filter(self.condition())

    def condition(self) -> Q:
        """Which open tasks are in it."""
        later = Q(deferred_until__gt=localdate(self.now))
        if self.whose == DEFERRED:
            nobodys = Q(assigned_to__isnull=True) | Q(deferred_by=self.user)
            return later & (is_mine(self.user) | nobodys)
        return ~later & whose_condition(self.whose, self.user)


def is_mine(user: User) -> Q:
    """What is assigned to a person, and the follow-ups they set where nobody is."""
    set_by_me = Q(assigned_to__isnull=True, authorization__next_touch_set_by=user, queue="touch")
    return Q(assigned_to=user) | set_by_me


def whose_condition(whose: str, user: User) -> Q:
    if whose == MINE:
        return is_mine(user)
    if whose == UNASSIGNED:
        return Q(assigned_to__isnull=True)
    return Q() if whose == TEAM else Q(assigned_to=whose)


def asked_list(request: HttpRequest, now: datetime) -> DayList:
    """The list that an address asks for. Raises NotKnownHere."""
    whose = request.GET.get("whose") or (TEAM if request.GET.get("wanted") else MINE)
    if whose not in NAMES:
        number = read_row_number(whose)
        if (
            number is None
            or not colleagues_of(signed_in_person(request)).filter(pk=number).exists()
        ):
            raise NotKnownHere(unknown("Person", whose))
        whose = str(number)
    wanted = asked_choice(request.GET.get("wanted"), KEYS, "Worklist")
    return DayList(signed_in_person(request), now, whose, wanted)


def colleagues_of(user: User) -> QuerySet[User]:
    """Who logs authorizations where this person does."""
    return people_with(P.LOG_AUTHORIZATIONS, facilities_of(user, P.LOG_AUTHORIZATIONS))


@dataclass(frozen=True)
class RailLink:
    """A list in the rail beside the work: its name, how many cases are in it, where it opens."""

    label: str
    url: str
    count: int
    is_current: bool
    tone: str = ""


def rail(shown: DayList) -> list[tuple[str, list[RailLink]]]:
    """The lists beside the work, in three groups, each with the number of its cases."""

    def link(label: str, whose: str, count: int, tone: str = "", wanted: str = "") -> RailLink:
        other = DayList(shown.user, shown.now, whose, wanted)
        is_current = (whose, wanted) == (shown.whose, shown.wanted)
        return RailLink(label, other.url, count, is_current, tone if count else "")

    counts = counts_of_lists(shown)
    mine = [link(NAMES[key], key, counts[key]) for key in (MINE, DEFERRED, DONE)]
    team = [link(NAMES[UNASSIGNED], UNASSIGNED, counts[UNASSIGNED], "warn")]
    team += [link(NAMES[TEAM], TEAM, counts[TEAM])]
    people, kinds = counts_of_people(shown), counts_of_kinds(shown)
    team += [link(str(person), str(person.pk), count) for person, count in people]
    wanted = [link(LABELS[key], TEAM, kinds.get(key, 0), TONES[key], key) for key in KEYS]
    return [("My lists", mine), ("Team", team), ("By what is wanted", wanted)]


def counts_of_lists(shown: DayList) -> dict[str, int]:
    """How many cases are in each of the lists of a person, in one question."""
    now, user = shown.now, shown.user
    conditions = {
        key: DayList(user, now, key).condition() & Q(closed_at__isnull=True)
        for key in (MINE, DEFERRED, UNASSIGNED, TEAM)
    }
    conditions[DONE] = is_mine(user) & Q(closed_at__date=localdate(now))
    rows = Task.objects.for_user(user, P.LOG_AUTHORIZATIONS).filter(queue__in=KEYS).order_by()
    recent = rows.filter(Q(closed_at__isnull=True) | Q(closed_at__date=localdate(now)))
    return recent.aggregate(
        **{key: Count("course", distinct=True, filter=q) for key, q in conditions.items()}
    )


def counts_of_people(shown: DayList) -> list[tuple[User, int]]:
    """How many cases each colleague has, those with none included."""
    rows = DayList(shown.user, shown.now, TEAM).tasks().order_by().values_list("assigned_to")
    found = dict(rows.annotate(n=Count("course", distinct=True)))
    others = colleagues_of(shown.user).exclude(pk=shown.user.pk)
    return [(person, found.get(person.pk, 0)) for person in others]


def counts_of_kinds(shown: DayList) -> dict[str, int]:
    """How many cases of each worklist wait for the team."""
    rows = DayList(shown.user, shown.now, TEAM).tasks().order_by().values_list("queue")
    return dict(rows.annotate(n=Count("pk")))

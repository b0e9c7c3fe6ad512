"""The mails of the morning: how much waits in each worklist, with links. Never a patient."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, User
from accounts.past.middleware import as_known, history_begins
from accounts.roles import Permission, roles_anywhere
from accounts.scoping import facilities_of
from accounts.waiting_changes import count_waiting
from authorizations.courses.schedule import slots_on
from authorizations.dashboards import FIGURES, FigureCell, Period, totals
from authorizations.worklists import WORKLISTS, Worklist

WEEK = timedelta(days=7)
DAYS = 90


@dataclass(frozen=True)
class DigestLine:
    """A number, what it counts, and the page that lists it."""

    count: int
    label: str
    page: str


def people(wants: str) -> QuerySet[User]:
    """Who gets a mail: people at work here with an address who have not said no to it."""
    said_no = Q(**{f"mail_choice__{wants}": False})
    mine = User.objects.filter(is_active=True, memberships__isnull=False).exclude(email="")
    return mine.exclude(said_no).distinct().order_by("pk")


def daily(person: User, now: datetime) -> EmailMessage | None:
    """What waits for this person's roles today; no mail when nothing does."""
    with timezone.override(settings.SCHEDULE_TIME_ZONE):
        lines = [*waiting_lines(person, now), *treatments(person, now), *administration(person)]
    if not lines:
        return None
    day = now.astimezone(settings.SCHEDULE_TIME_ZONE)
    return mail(person, f"Your work on {day:%A %-d %B}", "This waits for you:", map(in_text, lines))


def waiting_lines(person: User, now: datetime) -> Iterable[DigestLine]:
    for worklist in worklists_of(person):
        count = worklist.rows(person, now).count()
        if count:
            yield DigestLine(count, worklist.label, worklist_address(worklist))


def worklists_of(person: User) -> list[Worklist]:
    """The worklists of a person's roles, the most urgent first."""
    roles = roles_anywhere(person)
    return [worklist for worklist in WORKLISTS if worklist.roles & roles]


def worklist_address(worklist: Worklist) -> str:
    query = "" if worklist.page == "image_review_list" else f"?queue={worklist.key}"
    return reverse(worklist.page) + query


def treatments(person: User, now: datetime) -> Iterable[DigestLine]:
    """For a therapist: how many fractions are due today at each facility."""
    if Role.THERAPIST not in roles_anywhere(person):
        return
    mine = facilities_of(person, Permission.RECORD_SESSIONS)
    for facility in mine.filter(is_active=True):
        day = now.astimezone(facility.tz).date()
        slots, _ = slots_on(facility, day, today=day)
        if slots:
            page = f"{reverse('day_sheet')}?facility={facility.code}&date={day}"
            yield DigestLine(len(slots), f"Fractions due at {facility}", page)


def administration(person: User) -> Iterable[DigestLine]:
    """For an administrator: how much waits for a second one. A number and the page, no names."""
    count = count_waiting(person)
    if count:
        yield DigestLine(
            count, "Waiting for a second administrator", reverse("proposed_change_list")
        )


def weekly(person: User, now: datetime) -> EmailMessage | None:
    """For a manager: each figure of the dashboard now and as it was known a week ago."""
    if Role.MANAGER not in roles_anywhere(person):
        return None
    with timezone.override(settings.SCHEDULE_TIME_ZONE):
        before, cells = known_figures(person, now - WEEK), manager_figures(person, now)
    day = now.astimezone(settings.SCHEDULE_TIME_ZONE)
    period = last_days(person, now)
    lines = [
        f"{in_figures(cell, period)}{compared_phrase(cell, before)}" for cell in cells.values()
    ]
    opening = f"The figures since {period.since:%-d %B}, and what stands now:"
    closing = f"Every figure with its rows: {link(with_days(reverse('payer_dashboard'), period))}"
    return mail(person, f"The week of {day:%-d %B}", opening, lines, closing)


def last_days(person: User, now: datetime) -> Period:
    """The ninety days that end with this one, in the person's facilities."""
    today = now.astimezone(settings.SCHEDULE_TIME_ZONE).date()
    return Period(user=person, now=now, since=today - timedelta(days=DAYS - 1), until=today)


def manager_figures(person: User, now: datetime) -> dict[str, FigureCell]:
    return totals(FIGURES, last_days(person, now))


def known_figures(person: User, moment: datetime) -> dict[str, FigureCell]:
    """The same as they were known then; nothing before the recorded history begins."""
    begins = history_begins()
    if begins is None or moment < begins:
        return {}
    with as_known(moment):
        return manager_figures(person, moment)


def in_figures(cell: FigureCell, period: Period) -> str:
    """The figure, what it is out of, and the page that lists its rows on the same days."""
    page = with_days(reverse("payer_dashboard_rows", args=[cell.figure.key]), period)
    return f"{cell.text:>8}  {cell.figure.label}{out_of(cell)}\n          {link(page)}"


def with_days(page: str, period: Period) -> str:
    return f"{page}?since={period.since}&until={period.through}"


def out_of(cell: FigureCell) -> str:
    """Beneath a share what it rests on, and a word where that is little."""
    if cell.part is None or not cell.whole:
        return ""
    few = ", too few to compare" if cell.is_few else ""
    return f" ({cell.part:,} of {cell.whole:,}{few})"


def compared_phrase(cell: FigureCell, before: dict[str, FigureCell]) -> str:
    then = before.get(cell.figure.key)
    return f"\n          a week ago {then.text}{out_of(then)}" if then else ""


def in_text(line: DigestLine) -> str:
    return f"{line.count:>6}  {line.label}\n        {link(line.page)}"


def link(page: str) -> str:
    """The page's full address. Raises ImproperlyConfigured with what to set."""
    if not settings.PUBLIC_URL:
        raise ImproperlyConfigured(
            "PUBLIC_URL is not set. Set it to the address people open, such as "
            "https://ledger.example.org, so that mails can link to it."
        )
    return settings.PUBLIC_URL.rstrip("/") + page


def mail(
    person: User, subject: str, opening: str, lines: Iterable[str], closing: str = ""
) -> EmailMessage:
    stop = f"Which mails you get: {link(reverse('mail_choice'))}"
    parts = [f"Good morning. {opening}", *lines, *filter(None, [closing]), stop]
    return EmailMessage(f"Guidance Ledger: {subject}", "\n\n".join(parts) + "\n", to=[person.email])

"""Work that was noted and is not done yet: how much of it waits, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min
from django.utils import timezone

from accounts.models import User
from accounts.roles import Permission, is_permitted_somewhere
from authorizations.models import Course, InboundMessage, RejudgeRun, ReleaseRun, WaitingJudgement

P = Permission
JUDGING = (P.IMPORT, P.REVIEW_CHARGES)
INBOX = (P.IMPORT, P.KEEP_BOOKS)
REJUDGING = (P.REVIEW_CHARGES, P.READ_AUDIT, P.KEEP_BOOKS)


@dataclass(frozen=True)
class Unfinished:
    """One kind of work: how many wait, and since when the oldest."""

    count: int
    since: datetime | None
    one: str
    many: str

    @property
    def sentence(self) -> str:
        """For people and for who watches the machine."""
        words = self.one if self.count == 1 else self.many
        local = timezone.localtime(self.since) if self.since else None
        return f"{self.count} {words}, since {local:%-d %b %Y, %H:%M}" if local else ""


def waiting_judgements(user: User | None = None) -> Unfinished:
    """Courses of a large import whose charges are not judged; of one person's facilities or all."""
    rows = WaitingJudgement.objects.all()
    if user is not None:
        rows = rows.filter(course__in=Course.objects.for_user(user, *JUDGING))
    found = rows.aggregate(count=Count("pk"), since=Min("asked_at"))
    return Unfinished(
        found["count"],
        found["since"],
        "course of an import waits to be judged",
        "courses of imports wait to be judged",
    )


def broken_off_runs() -> Unfinished:
    """Runs of judging again that are not at their end."""
    rows = RejudgeRun.objects.filter(finished_at__isnull=True).order_by()
    found = rows.aggregate(count=Count("pk"), since=Min("started_at"))
    return Unfinished(
        found["count"],
        found["since"],
        "run of judging again is not finished",
        "runs of judging again are not finished",
    )


def unfinished_releases(user: User | None = None) -> Unfinished:
    """Releases of many charges that are under way; of one person's charges or all."""
    rows = ReleaseRun.objects.unfinished()
    if user is not None:
        rows = rows.for_user(user, P.REVIEW_CHARGES)
    found = rows.order_by().aggregate(count=Count("pk"), since=Min("asked_at"))
    return Unfinished(
        found["count"],
        found["since"],
        "release of many charges is under way",
        "releases of many charges are under way",
    )


def open_messages(user: User) -> Unfinished:
    """Messages of HL7 interfaces that are not taken, and that no person closed."""
    rows = InboundMessage.objects.for_user(user, *INBOX)
    found = rows.open().order_by().aggregate(count=Count("pk"), since=Min("received_at"))
    return Unfinished(
        found["count"],
        found["since"],
        "message of an HL7 interface waits in the inbox",
        "messages of HL7 interfaces wait in the inbox",
    )


def last_contacts(user: User) -> list[tuple[str, datetime]]:
    """When each HL7 interface last sent something."""
    rows = InboundMessage.objects.for_user(user, *INBOX).order_by("channel__name")
    latest = rows.values("channel__name").annotate(latest=Max("received_at"))
    return [(row["channel__name"], row["latest"]) for row in latest]


def interfaces_context(user: User) -> dict[str, object]:
    """The inbox of HL7 interfaces, for whoever imports or keeps the books."""
    if not is_permitted_somewhere(user, *INBOX):
        return {}
    return {
        "open_messages": open_messages(user),
        "contacts": last_contacts(user),
        "opens_inbox": is_permitted_somewhere(user, P.IMPORT),
    }


def unfinished_work(user: User | None = None) -> list[Unfinished]:
    """What waits, of what concerns this person; without a person all of it."""
    found = []
    if user is None or is_permitted_somewhere(user, *JUDGING):
        found.append(waiting_judgements(user))
    if user is None or is_permitted_somewhere(user, *REJUDGING):
        found.append(broken_off_runs())
    if user is None or is_permitted_somewhere(user, P.REVIEW_CHARGES):
        found.append(unfinished_releases(user))
    return [work for work in found if work.count]

"""How figures are divided: by standing, reason, finding, age, site, clock and week."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case, Count, DateField, F, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, NullIf, TruncWeek

from authorizations.dashboards.breakdown import Breakdown, divided
from authorizations.dashboards.figure_list import BY_KEY
from authorizations.dashboards.period import Period
from authorizations.dashboards.sql import Percentile
from authorizations.models import AuthorizationStatus, LineDecision, Technique
from authorizations.web.event_labels import WHO_ACTS
from coding.denials import cause
from coding.rules import by_number
from coding.rules.book import all_rules
from payers.gold_cards import PROGRAMMES, Programme
from payers.lines_of_business import LINES

JUDGED = "judged"


def rule_name(number: str) -> str:
    found = by_number(number)
    return f"{number} {found[-1].title}" if found else "Not judged yet, or by hand"


def status_name(key: str) -> str:
    """A standing and who must act: Pended, the physician."""
    status, _, who = key.partition(":")
    return f"{AuthorizationStatus(status).label}, {WHO_ACTS[who].lower()}"


NO_DENIAL = "no denial foreseen"
CAUSES = {rule.number: cause(rule.likely_denial[0]) for rule in all_rules() if rule.likely_denial}


def root_cause(period: Period) -> Case:
    """Where the denial would come from, if a held charge went out as it is."""
    numbers: dict[str, list[str]] = {}
    for number, name in CAUSES.items():
        numbers.setdefault(name, []).append(number)
    whens = [When(leading_rule__in=which, then=Value(name)) for name, which in numbers.items()]
    return Case(*whens, default=Value(NO_DENIAL))


AGES = ((7, "0–7 days"), (14, "8–14 days"), (30, "15–30 days"), (60, "31–60 days"))
OLDER = "over 60 days"


def age_band(period: Period) -> Case:
    whens = [
        When(date_of_service__gte=period.today - timedelta(days=days), then=Value(str(days)))
        for days, _ in AGES
    ]
    return Case(*whens, default=Value("older"))


def reason(period: Period) -> Coalesce:
    return Coalesce(NullIf(F("first_reason"), Value("")), Value("No reason given"))


def which_clock(period: Period) -> Concat:
    return Concat("clock_rule", Value(":"), "urgency")


def cut_or_denied(rows: QuerySet) -> QuerySet:
    return rows.filter(first_decision__in=(LineDecision.DENIED, LineDecision.REDUCED))


def judged_by(programme: Programme) -> Callable[[Period], Case]:
    """Whether a gold card programme judges a request: by its line of business and state."""
    covered = Q(plan__isnull=False)
    if programme.lines_of_business:
        covered &= Q(plan__line_of_business__in=programme.lines_of_business)
    if programme.state:
        covered &= Q(plan__state=programme.state)
    return lambda period: Case(When(covered, then=Value(JUDGED)), default=Value("other"))


def cards() -> tuple[Breakdown, ...]:
    """For each gold card the requests it judges, and those approved in full among them."""
    return tuple(
        Breakdown(
            f"{programme.key}-{figure}",
            programme.name,
            f"Of these, the requests that the {programme.name} judges.",
            BY_KEY[figure],
            judged_by(programme),
        )
        for programme in PROGRAMMES
        for figure in ("answered", "approved")
    )


def kinds() -> tuple[Breakdown, ...]:
    """First answers by kind of plan and urgency, as payers publish theirs."""
    return tuple(
        Breakdown(
            f"kind-{figure}",
            BY_KEY[figure].label,
            "Of these, those of one kind of plan and one urgency, as payers publish theirs.",
            BY_KEY[figure],
            lambda period: Concat("plan__line_of_business", Value(":"), "urgency"),
            kind_name,
        )
        for figure in ("answered", "approved", "denied", "median")
    )


def kind_name(key: str) -> str:
    """A kind of plan and an urgency: Medicare Advantage, expedited."""
    line, _, urgency = key.partition(":")
    return f"{LINES.get(line, line)}, {urgency}"


BY_RULE = Breakdown(
    "rule",
    "Charges held by finding",
    "Held charges by the gravest finding of the rulebook.",
    BY_KEY["held"],
    lambda period: F("leading_rule"),
    rule_name,
)
PARTS = (
    *cards(),
    *kinds(),
    BY_RULE,
    Breakdown(
        "status",
        "Open requests by standing and who must act",
        "Open requests by their standing now and by who must act next.",
        BY_KEY["open"],
        lambda period: Concat("status", Value(":"), "who_acts"),
        status_name,
    ),
    Breakdown(
        "cause",
        "Held charges: what a denial would rest on",
        "Held charges by the root cause of the denial their gravest finding foretells. Denials of "
        "claims themselves come with remittances, which are not read yet.",
        BY_KEY["held"],
        root_cause,
        str.capitalize,
        sums=BY_RULE,
        into=lambda number: CAUSES.get(number, NO_DENIAL),
    ),
    Breakdown(
        "age",
        "Unbilled charges by age",
        "Charges not yet in a batch by days since the date of service.",
        BY_KEY["unbilled"],
        age_band,
        lambda key: {str(days): label for days, label in AGES}.get(key, OLDER),
        order=(*(str(days) for days, _ in AGES), "older"),
    ),
    Breakdown(
        "reason",
        "Guidance denied or cut: the payer’s reason",
        "Guidance lines denied or reduced, of the requests first answered in the period, by the "
        "reason of the letter.",
        BY_KEY["units"],
        reason,
        is_typed=True,
        narrowed=cut_or_denied,
    ),
    Breakdown(
        "week",
        "Answers by week",
        "Requests first answered in the period by the week (from Monday) of the answer.",
        BY_KEY["median"],
        lambda period: Cast(TruncWeek("first_answered_on"), DateField()),
        lambda key: f"Week of {date.fromisoformat(key):%-d %b %Y}",
    ),
    Breakdown(
        "site",
        "Units by body site",
        "Decided guidance lines of the requests first answered in the period by the site treated.",
        BY_KEY["units"],
        lambda period: F("authorization__course__body_site"),
        lambda name: name[:1].upper() + name[1:],
        is_typed=True,
    ),
    Breakdown(
        "technique",
        "Units by technique",
        "Decided guidance lines of the requests first answered in the period by technique.",
        BY_KEY["units"],
        lambda period: F("authorization__course__technique"),
        lambda key: str(Technique(key).label),
    ),
    Breakdown(
        "clock",
        "First answers by clock",
        "First answers of the period that had a clock, by the rule and urgency that set it.",
        BY_KEY["clocked"],
        which_clock,
    ),
    Breakdown(
        "late_clock",
        "Late answers by clock",
        "Late first answers of the period by the rule and urgency that set their clock.",
        BY_KEY["late"],
        which_clock,
    ),
)
PARTS_BY_KEY = {parts.key: parts for parts in PARTS}


@dataclass(frozen=True)
class Week:
    """The first answers of a week that begins on a Monday, and how long they took in days."""

    starts: date
    count: int = 0
    median: float | None = None
    slowest: float | None = None


def weeks(period: Period, payer: str = "") -> list[Week]:
    """Turnaround by week over the period, the oldest first; weeks without answers too."""
    rows = divided(PARTS_BY_KEY["week"], period, payer).order_by().values("part")
    rows = rows.annotate(
        count=Count("pk"), median=Percentile("days", 0.5), slowest=Percentile("days", 0.9)
    )
    found = {
        starts: Week(starts, row["count"], row["median"], row["slowest"])
        for row in rows
        for starts in [date.fromisoformat(row["part"])]
    }
    monday = period.since - timedelta(days=period.since.weekday())
    count = (period.through - monday).days // 7 + 1
    starts = (monday + timedelta(weeks=n) for n in range(count))
    return [found.get(start, Week(start)) for start in starts]

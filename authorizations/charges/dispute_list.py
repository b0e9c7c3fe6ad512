"""What people said against the rulebook, by rule, with what became of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.urls import reverse

from accounts.models import User
from accounts.roles import Permission
from accounts.scoping import facilities_of
from accounts.separation import DUTY
from authorizations.models import Charge, ChargeEvent, ChargeStatus, CodingReview
from authorizations.verdicts.status import latest_judgements
from authorizations.web.event_labels import done_label
from coding.rules import by_number
from coding.rules.serialize import findings_from_json

VERBS = {"dispute": "Dispute", "confirm_override": "Override"}
NAMES = dict(ChargeStatus.choices)


@dataclass(frozen=True)
class Objection:
    """One dispute or override: against which rule, by whom, why, and what became of it."""

    event: ChargeEvent
    rule: str
    kind: str
    outcome: str

    @property
    def proposed_by(self) -> str:
        """Who asked for an override, where that is not the one who confirmed it."""
        name = str(self.event.details.get("proposed_by", ""))
        return "" if name == str(self.event.by) else name


@dataclass
class RuleObjections:
    """How often a rule was disputed and overridden, and what became of those charges."""

    rule: str
    title: str
    href: str
    disputes: int = 0
    overrides: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)

    @property
    def told(self) -> str:
        return ", ".join(f"{count} {name}" for name, count in self.outcomes.most_common())


def words_said(user: User) -> list[Objection]:
    """All disputes and overrides within a person's facilities, the newest first."""
    mine = facilities_of(user, Permission.READ_DASHBOARD)
    events = list(
        ChargeEvent.objects.filter(verb__in=VERBS, charge__facility__in=mine)
        .select_related("by", "charge__session__course__patient")
        .order_by("-id")
    )
    latest = latest_judgements({event.charge for event in events})
    return [word_of(event, latest.get(event.charge_id)) for event in events]


def word_of(event: ChargeEvent, judgement: CodingReview | None) -> Objection:
    rule = event.details.get("rule") or event.charge.leading_rule
    return Objection(event, rule, VERBS[event.verb], outcome(event.charge, rule, judgement))


def outcome(charge: Charge, rule: str, judgement: CodingReview | None) -> str:
    """How the charge stands now, and whether the rule still says it."""
    found = findings_from_json(judgement.verdict) if judgement else ()
    is_standing = any(finding.number == rule for finding in found)
    said = "the rule still speaks" if is_standing else "the rule no longer speaks"
    return f"{NAMES[charge.status].lower()}, {said}"


@dataclass(frozen=True)
class DoneAlone:
    """Two things the table leaves to two people, done by one while its row was switched off."""

    event: ChargeEvent
    what: str
    duties: str


def done_alone(user: User) -> list[DoneAlone]:
    """Releases and confirmed overrides by one person alone, within a person's facilities."""
    mine = facilities_of(user, Permission.READ_DASHBOARD)
    events = ChargeEvent.objects.filter(details__has_key="alone", charge__facility__in=mine)
    rows = events.select_related("by", "charge__session__course__patient").order_by("-id")
    return [
        DoneAlone(row, done_label(row.verb), duties_in_words(row.details["alone"])) for row in rows
    ]


def duties_in_words(keys: list[str]) -> str:
    """What the person had done before: “recorded this session yourself”, …"""
    return "; ".join(DUTY[key].having if key in DUTY else key for key in keys)


def by_rule(words: list[Objection]) -> list[RuleObjections]:
    """Counted by rule, the most disputed first."""
    found: dict[str, RuleObjections] = {}
    for word in words:
        row = found.setdefault(word.rule, rule_words(word.rule))
        row.disputes += word.kind == "Dispute"
        row.overrides += word.kind == "Override"
        row.outcomes[word.outcome] += 1
    return sorted(found.values(), key=lambda row: (-row.disputes - row.overrides, row.rule))


def rule_words(number: str) -> RuleObjections:
    rules = by_number(number) if number else ()
    if not rules:
        return RuleObjections(number, "", "")
    return RuleObjections(number, rules[-1].title, reverse("rule_detail", args=[number]))

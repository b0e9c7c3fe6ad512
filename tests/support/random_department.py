"""A department by the dice, for figures and counts: the same seed, the same department."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import time_machine

from accounts.models import Facility
from authorizations.models import AuthorizationEvent, PriorAuthorization
from payers.models import Plan
from tests import factories as make

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
SINCE = date(2026, 9, 1)
STATUSES = ("submitted", "pended", "approved", "partially_approved", "denied", "withdrawn")
RULES = ("R48", "R49", "R42", "R28", "R38", "R18", "R43", "R46", "R50", "")
REASONS = (*(f"Reason {n}" for n in range(10)), "")
CONTESTS = (
    ("appeal", "appealed", "approved"),
    ("appeal", "appealed", "upheld"),
    ("schedule_peer_to_peer", "peer_to_peer", "approved"),
    ("schedule_peer_to_peer", "peer_to_peer", "denied"),
)
DECISION = {"approved": "approved", "denied": "denied", "partially_approved": "reduced"}


def some_plans() -> list[Plan]:
    """Three payers, five plans; one asks for nothing, of one nobody knows."""
    made = [
        make.PlanFactory(code=code, payer__key=payer, line_of_business=line)
        for code, payer, line in (
            ("A1", "aetna", "commercial_self_funded"),
            ("A2", "aetna", "medicare_advantage"),
            ("C1", "cigna", "commercial_fully_insured"),
            ("M1", "medicare", "medicare_ffs"),
            ("C2", "cigna", "exchange"),
        )
    ]
    for plan, requirement in zip(made, ("required",) * 3 + ("not_required",), strict=False):
        make.AuthorizationPolicyFactory(plan=plan, requirement=requirement)
    return made


def ask(dice: random.Random, course, plan) -> PriorAuthorization:
    """A request with a line of guidance, somewhere on its way."""
    status = dice.choice(STATUSES)
    received = NOW - timedelta(days=dice.randint(1, 120), hours=dice.randint(0, 23))
    decided = received.date() + timedelta(days=dice.randint(0, 20))
    is_decided = status in DECISION
    request = make.PriorAuthorizationFactory(
        course=course,
        plan=plan,
        status=status,
        number=f"N{course.pk}-{dice.randint(0, 10**9)}" if is_decided else "",
        who_acts=dice.choice(("us", "payer", "physician", "nobody")),
        received_on=received if dice.random() < 0.9 else None,
        due_at=received + timedelta(days=7) if dice.random() < 0.9 else None,
        clock_rule=dice.choice(("cms-0057-advantage", "erisa-pre-service", "")),
        decided_on=min(decided, NOW.date()) if is_decided else None,
    )
    decision = DECISION.get(status, "requested")
    is_given = decision in ("approved", "reduced")
    make.AuthorizedServiceFactory(
        authorization=request,
        decision=decision,
        units_approved=dice.randint(1, 28) if is_given else None,
        valid_from=date(2026, 9, 1) if is_given else None,
        valid_through=NOW.date() + timedelta(days=dice.randint(-10, 30)) if is_given else None,
        reason=dice.choice(REASONS),
    )
    if status == "denied" and dice.random() < 0.9:
        contest(request, *dice.choice(CONTESTS))
    return request


def contest(request: PriorAuthorization, verb: str, status: str, outcome: str) -> None:
    """A denial contested and answered; the request keeps only the last answer."""
    rows = PriorAuthorization.objects.filter(pk=request.pk)
    rows.update(status=status, appeal_level=verb == "appeal")
    make.AuthorizationEventFactory(
        authorization=request, verb=verb, old_status="denied", new_status=status
    )
    rows.update(status=outcome, number=request.number or f"N{request.pk}", decided_on=NOW.date())
    with time_machine.travel(NOW - timedelta(days=request.pk % 100), tick=False):
        AuthorizationEvent.objects.create(
            authorization=request,
            verb="answer",
            old_status=status,
            new_status=outcome,
            details={"contest": verb, "gained": outcome == "approved"},
            by=request.created_by,
        )


def treat(dice: random.Random, course, plan, line) -> None:
    """A treatment with its charge, some holding a unit, some without coverage."""
    on = NOW.date() - timedelta(days=dice.randint(0, 100))
    session = make.GuidanceSessionFactory(
        course=course,
        date_of_service=on,
        fraction=dice.randint(1, 10**4),
        authorized_service=line if dice.random() < 0.5 else None,
    )
    make.ChargeFactory(
        session=session,
        plan=plan if dice.random() < 0.9 else None,
        status=dice.choice(("captured", "held", "ready", "not_billable", "void")),
        disposition=dice.choice(("pass", "WARN", "HOLD", "STOP")),
        leading_rule=dice.choice(RULES),
        amount=dice.choice((None, Decimal("36.41"), Decimal("47.10"))),
        filing_deadline=dice.choice((None, NOW.date() + timedelta(days=dice.randint(-5, 60)))),
    )


def build(seed: int, here: Facility, elsewhere: Facility, plans: list[Plan]) -> None:
    """Courses, requests and treatments; one in five of them elsewhere."""
    dice = random.Random(seed)
    for _ in range(32):
        where = here if dice.random() < 0.8 else elsewhere
        planned = NOW.date() - timedelta(days=dice.randint(0, 110))
        course = make.CourseFactory(facility=where, first_fraction_on=planned)
        plan = dice.choice(plans)
        line = ask(dice, course, plan).lines.get()
        for _ in range(dice.randint(0, 3)):
            treat(dice, course, plan, line)

"""The figures of a period: what payers answered first, and what was treated."""

from __future__ import annotations

from django.db.models import F, Q

from authorizations.dashboards import appeal_answers as contests
from authorizations.dashboards import rowsets as bases
from authorizations.dashboards.aggregates import every
from authorizations.dashboards.figure import Figure, Kind, these
from authorizations.models import AuthorizationStatus

S = AuthorizationStatus
IS_CLOCKED = {"received_on__isnull": False, "due_on__isnull": False}
CLOCKED = these(**IS_CLOCKED)
RECEIVED = these(received_on__isnull=False)
UNCOVERED = these(session__authorized_service__isnull=True)
DELAYED = these(days__gt=0)

ANSWERED = (
    Figure(
        "answered",
        "Answered",
        "Requests the payer first answered in the period: approved, partly approved or denied. "
        "Requests closed for no information or withdrawn are not answers.",
        bases.ANSWERS,
    ),
    Figure(
        "approved",
        "Approved in full",
        "Requests first answered in the period whose first answer approved every line in full.",
        bases.ANSWERS,
        these(first_answer=S.APPROVED),
        Kind.SHARE,
        of=every,
        whole="requests first answered in the period",
        short="Approved",
    ),
    Figure(
        "partial",
        "Partly approved",
        "Requests first answered in the period whose first answer cut or denied some of it.",
        bases.ANSWERS,
        these(first_answer=S.PARTIALLY_APPROVED),
        Kind.SHARE,
        of=every,
        whole="requests first answered in the period",
        short="Partly",
    ),
    Figure(
        "denied",
        "Denied in full",
        "Requests first answered in the period whose first answer denied every line.",
        bases.ANSWERS,
        these(first_answer=S.DENIED),
        Kind.SHARE,
        of=every,
        whole="requests first answered in the period",
        short="Denied",
    ),
    Figure(
        "cut",
        "Cut or denied",
        "Requests first answered in the period whose first answer denied them in full or in part.",
        bases.ANSWERS,
        these(first_answer__in=(S.DENIED, S.PARTIALLY_APPROVED)),
        Kind.SHARE,
        of=every,
        whole="requests first answered in the period",
        short="Cut",
    ),
    Figure(
        "overturned",
        "Denials overturned",
        "Requests whose appeal was answered in the period, by the date of the letter, with more "
        "than the answer before it: a line allowed that was denied, or more units.",
        bases.CONTESTED,
        contests.of(contests.APPEAL, is_won=True),
        Kind.SHARE,
        of=contests.of(contests.APPEAL),
        whole="requests whose appeal was answered in the period",
        short="Overturned",
    ),
    Figure(
        "peer_overturned",
        "Overturned by peer-to-peer",
        "Requests denied or cut, then answered in the period after a peer-to-peer, by the date of "
        "the letter, with more than the answer before it.",
        bases.CONTESTED,
        contests.of(contests.PEER_TO_PEER, is_won=True),
        Kind.SHARE,
        of=contests.of(contests.PEER_TO_PEER),
        whole="requests answered in the period after a peer-to-peer",
    ),
    Figure(
        "units",
        "Units approved",
        "Units of 77387 approved in a hundred requested, over the guidance lines as the first "
        "answers of the period decided them. A denied line approves none; what an appeal gained "
        "later is not counted.",
        bases.LINES,
        every,
        Kind.RATIO,
        of=every,
        whole="units asked for on those lines",
        field="granted",
        out_of="units_requested",
        short="Units",
    ),
    Figure(
        "median",
        "Median days to the first answer",
        "Days from receipt by the payer to its first answer, of the requests first answered in the "
        "period. Half took no longer.",
        bases.ANSWERS,
        RECEIVED,
        Kind.PERCENTILE,
        field="days",
        fraction=0.5,
        short="Median days",
    ),
    Figure(
        "p90",
        "90th percentile of the days",
        "Days from receipt by the payer to its first answer. Nine in ten took no longer.",
        bases.ANSWERS,
        RECEIVED,
        Kind.PERCENTILE,
        field="days",
        fraction=0.9,
        short="90th",
    ),
    Figure(
        "on_time",
        "Answered in time",
        "First answers of the period dated no later than the day on which the clock of the request "
        "ran out. A letter has a date and no hour, so the whole last day counts as in time.",
        bases.ANSWERS,
        lambda period: Q(**IS_CLOCKED, first_answered_on__lte=F("due_on")),
        Kind.SHARE,
        of=CLOCKED,
        whole="first answers of the period for which a clock ran",
        short="On time",
    ),
    Figure(
        "clocked",
        "With a clock",
        "Requests first answered in the period for which a clock ran.",
        bases.ANSWERS,
        CLOCKED,
    ),
    Figure(
        "late",
        "Answered late",
        "First answers of the period dated after the day on which the clock of the request ran "
        "out.",
        bases.ANSWERS,
        lambda period: Q(**IS_CLOCKED, first_answered_on__gt=F("due_on")),
        Kind.SHARE,
        of=CLOCKED,
        whole="first answers of the period for which a clock ran",
        tone="bad",
        short="Late",
    ),
)
TREATED = (
    Figure(
        "uncovered",
        "Treated without authorization",
        "Imaged treatments of the period that hold no authorized unit although the policy in force "
        "that day asked for authorization. Each is listed by its charge.",
        bases.TREATMENTS,
        UNCOVERED,
        Kind.SHARE,
        of=every,
        whole="imaged treatments whose policy asked for authorization",
        tone="bad",
        short="Uncovered",
    ),
    Figure(
        "uncovered_dollars",
        "Dollars treated without authorization",
        "Expected dollars of the imaged treatments of the period that hold no authorized unit "
        "although the policy in force that day asked for authorization.",
        bases.TREATMENTS,
        UNCOVERED,
        Kind.MONEY,
        field="amount",
        tone="bad",
        short="Uncovered $",
    ),
    Figure(
        "unknown",
        "Treated without a unit, policy unknown",
        "Imaged treatments of the period that hold no authorized unit, of whose plan nobody knew "
        "that day whether it wanted to be asked: ask the payer, and enter what it says.",
        bases.UNKNOWN,
        UNCOVERED,
        tone="warn",
        short="Policy unknown",
    ),
    Figure(
        "delayed",
        "Courses delayed",
        "Courses planned to begin in the period, their payer asked, that did not begin on the "
        "planned day while no approval stood.",
        bases.PLANNED,
        DELAYED,
        Kind.SHARE,
        of=every,
        whole="courses planned to begin in the period whose payer was asked",
        tone="bad",
        short="Delayed",
    ),
    Figure(
        "delay_days",
        "Treatment days delayed",
        "Calendar days of the delayed courses from the planned first treatment to the approval; to "
        "the first treatment, the end of the course or today where that came earlier.",
        bases.PLANNED,
        DELAYED,
        Kind.DAYS,
        field="days",
        tone="bad",
        short="Days delayed",
    ),
)

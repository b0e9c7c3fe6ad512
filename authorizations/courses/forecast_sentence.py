"""The forecast of a course in one sentence: what is short, or why nothing is approved yet."""

from __future__ import annotations

from datetime import date, datetime, time

from accounts.past.clock import now
from authorizations.courses.contest_deadlines import contest_deadlines
from authorizations.courses.forecast import Forecast
from authorizations.courses.registration import clock
from authorizations.courses.status import course_status
from authorizations.courses.units_ahead import Outlook, usual_turnaround
from authorizations.models import (
    CONTESTED,
    TAKEN_BACK,
    WAITING,
    AuthorizationStatus,
    AuthorizedService,
    LineDecision,
    PriorAuthorization,
)
from coding.rules.facts import GUIDANCE

Sentence = tuple[str, str]  # the words, and their tone
ENOUGH, SHORT, WAITS, FIGHTS, DENIED, DRAFTED, UNASKED = (
    "enough", "short", "waits", "contested", "denied", "drafted", "unasked",
)  # fmt: skip
ASK_TODAY = (
    "Ask today; expedited only if the physician attests that waiting endangers life, health or "
    "function."
)


def forecast_sentence(found: Outlook, is_required: bool | None) -> Sentence:
    """The forecast in one sentence, with its tone. No code of the course is passed over."""
    ahead = found.guidance
    status = course_status(found.course, found.fractions_done, found.today)
    if status and not status.has_calendar:
        return status.sentence, status.tone
    if not ahead.planned:
        return "All planned fractions are recorded.", "good"
    end = f"the last fraction falls on {date_phrase(ahead.last_fraction_on)}"
    if is_required is False:
        return f"No authorization is required; {end}.", "good"
    if found.plan is None:
        return f"No coverage on {date_phrase(found.next_day)}: register who pays.", "bad"
    asked = current_plan_lines(found)
    states = {code: state_of(found, asked, code) for code in found.forecasts}
    if set(states.values()) == {ENOUGH}:
        return enough(ahead), "good"
    return lacking_sentence(found, asked, states, is_required)


def enough(ahead: Forecast) -> str:
    spare = f", {ahead.units_unused} units will be left" if ahead.units_unused else ""
    end = f"the last fraction falls on {date_phrase(ahead.last_fraction_on)}"
    return f"The approved units last to the end: {end}{spare}."


def lacking_sentence(
    found: Outlook, asked: list[AuthorizedService], states: dict[str, str], is_required: bool | None
) -> Sentence:
    """What each code lacks, codes that lack the same said once; guidance leads."""
    said: list[str] = []
    for state in dict.fromkeys(states.values()):
        codes = [code for code, its in states.items() if its == state]
        if state == ENOUGH:
            continue
        words = SENTENCES[state](found, [line for line in asked if line.code in codes], codes[0])
        if state == UNASKED and is_required is None:
            words = required_phrase(found)
        is_alone = len(codes) == len(states) or (state == SHORT and codes == [GUIDANCE])
        said.append(words if is_alone else f"{' and '.join(names(asked, codes))}: {words}")
    if states[GUIDANCE] == ENOUGH:
        end = date_phrase(found.guidance.last_fraction_on)
        said.append(f"Image guidance is approved to the end, {end}.")
    is_bad = states[GUIDANCE] in (SHORT, DENIED) or (states[GUIDANCE] == UNASKED and is_required)
    return " ".join(said), "bad" if is_bad else "warn"


def current_plan_lines(found: Outlook) -> list[AuthorizedService]:
    """The lines asked of the plan that pays next, the latest request first, none taken back."""
    over = (*TAKEN_BACK, AuthorizationStatus.SUPERSEDED, AuthorizationStatus.NOT_REQUIRED)
    rows = AuthorizedService.objects.filter(
        authorization__course=found.course, authorization__plan=found.plan
    ).exclude(authorization__status__in=over)
    related = ("authorization__plan__payer", "authorization__facility")
    return list(rows.select_related(*related).order_by("-authorization_id"))


def state_of(found: Outlook, asked: list[AuthorizedService], code: str) -> str:
    """How a code stands: enough, short of what is approved, or why nothing of it is approved."""
    if found.forecasts[code].is_enough:
        return ENOUGH
    if any(line.code == code and is_of_use(found, line) for line in found.lines):
        return SHORT
    mine = [line for line in asked if line.code == code]
    for line in mine:
        status = line.authorization.status
        if line.decision == LineDecision.DENIED:
            return FIGHTS if status in CONTESTED else DENIED
        if status in WAITING:
            return WAITS
    return DRAFTED if mine else UNASKED


def is_of_use(found: Outlook, line: AuthorizedService) -> bool:
    """Whether an approved line is one of the plan that pays next, or still runs then."""
    return line.authorization.plan_id == found.plan.pk or line.last_day >= found.next_day


def names(asked: list[AuthorizedService], codes: list[str]) -> list[str]:
    """The codes as the requests write them: 77387-26."""
    written = {line.code: str(line) for line in asked}
    return [written.get(code, code) for code in codes]


def short_phrase(found: Outlook, lines: list[AuthorizedService], code: str) -> str:
    ahead = found.forecasts[code]
    first = ahead.first_short
    what = "dates" if first.is_outside_dates else "units"
    ask = f"Ask by {date_phrase(ahead.ask_by)}: later, the payer's clock ends after that day."
    more = next((line for line in lines if is_undecided(line)), None)
    if more:
        ask = f"More is requested.{answer_due(found, more.authorization)}"
    elif ahead.ask_by is None:
        ask = f"{why_too_late(found)} {ASK_TODAY}"
    return (
        f"The {what} run out at fraction {first.fraction} on {date_phrase(first.on)}: "
        f"{ahead.units_short} short. {ask}"
    )


def why_too_late(found: Outlook) -> str:
    """When an answer to a request of today is to be reckoned with, and how that is known."""
    due = due_if_asked_today(found)
    days, answers = usual_turnaround(found.plan)
    parts = [f"{found.plan.insurer} has until {date_phrase(due)} if asked today"] if due else []
    if days:
        parts.append(f"nine of ten of its last {answers} answers took up to {days} days")
    if not parts:
        return "No clock of this payer is known here."
    return f"{', and '.join(parts)}."


def is_undecided(line: AuthorizedService) -> bool:
    """Whether the line was sent to the payer and waits for the answer."""
    is_open = line.decision in (LineDecision.REQUESTED, LineDecision.PENDED)
    return is_open and line.authorization.status in WAITING


def waits(found: Outlook, lines: list[AuthorizedService], code: str) -> str:
    request = next(line for line in lines if line.authorization.status in WAITING).authorization
    return f"Requested, not decided.{answer_due(found, request)} {treatment(found)}."


def answer_due(found: Outlook, request: PriorAuthorization) -> str:
    """By when the payer must answer what it was asked."""
    if request.due_at is None or request.first_answer:
        return f" {found.plan.insurer} has not answered."
    due = date_phrase(request.due_at.astimezone(request.facility.tz).date())
    if request.due_at < now():
        return f" {found.plan.insurer} should have answered by {due}: call them."
    return f" {found.plan.insurer} has until {due}."


def contested_phrase(found: Outlook, lines: list[AuthorizedService], code: str) -> str:
    request = next(line for line in lines if line.authorization.status in CONTESTED).authorization
    by = f" {deadlines(request)}." if request.status == AuthorizationStatus.PEER_TO_PEER else ""
    return f"Denied; {request.get_status_display().lower()}, not answered yet.{by}"


def denied_phrase(found: Outlook, lines: list[AuthorizedService], code: str) -> str:
    rows = (line for line in lines if line.decision == LineDecision.DENIED)
    return f"Denied. {deadlines(next(rows).authorization)}."


def deadlines(request: PriorAuthorization) -> str:
    """Peer-to-peer by, appeal by; those that are not over."""
    today = now().astimezone(request.facility.tz).date()
    known = [
        (label, row.due_at.astimezone(request.facility.tz).date())
        for label, row in contest_deadlines(request)
    ]
    open_ = [f"{label} {date_phrase(day)}" for label, day in known if day >= today]
    if not known:
        return "The letter says by when to call or to appeal"
    return "; ".join(open_) or "The days to call and to appeal are over"


def drafted(found: Outlook, lines: list[AuthorizedService], code: str) -> str:
    return f"A request is prepared and not sent. {asked_today(found)}"


def unasked(found: Outlook, lines: list[AuthorizedService], code: str) -> str:
    return f"No authorization has been requested. {asked_today(found)}"


def required_phrase(found: Outlook) -> str:
    return (
        f"No authorization has been requested. Call {found.plan.insurer} to ask whether it is "
        f"required. {treatment(found)}."
    )


def asked_today(found: Outlook) -> str:
    """The next treatment, against the day by which the payer must answer."""
    due = due_if_asked_today(found)
    if due is None:
        return f"{treatment(found)}; no clock binds {found.plan.insurer}: ask today."
    until = f"{found.plan.insurer} has until {date_phrase(due)} if asked today."
    late = f" {ASK_TODAY}" if due >= found.next_treatment else ""
    return f"{treatment(found)}; {until}{late}"


def treatment(found: Outlook) -> str:
    which = "First" if found.guidance.planned[0].fraction == 1 else "Next"
    return f"{which} treatment {date_phrase(found.next_treatment)}"


def due_if_asked_today(found: Outlook) -> date | None:
    """The day by which the payer must answer a request of today."""
    noon = datetime.combine(found.today, time(12), tzinfo=found.course.facility.tz)
    deadline = clock(found.plan, noon, found.course.facility.time_zone)
    return deadline.due_on if deadline else None


def date_phrase(day: date | None) -> str:
    return f"{day:%a %-d %b %Y}" if day else "an unknown day"


SENTENCES = {
    SHORT: short_phrase, WAITS: waits, FIGHTS: contested_phrase, DENIED: denied_phrase,
    DRAFTED: drafted, UNASKED: unasked,
}  # fmt: skip

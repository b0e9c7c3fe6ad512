"""What was done is told in words, whoever did it and wherever it is shown."""

from __future__ import annotations

import ast
from datetime import datetime
from pathlib import Path

import pytest
import time_machine

import authorizations
from authorizations.charges.session_timeline import session_events
from authorizations.courses.events import course_events
from authorizations.prior_authorizations.deadlines import clock_kept, countdown
from authorizations.prior_authorizations.decisions import VERB_OF_STATUS
from authorizations.prior_authorizations.page import events
from authorizations.web.event_labels import DONE, done_and_now, done_label
from authorizations.workflow import AUTHORIZATION_MOVES, CHARGE_MOVES
from tests import factories as make

FOLDER = Path(authorizations.__file__).parent


def written_by(call: ast.Call) -> set[str]:
    """The verbs a call names: ``verb="…"``, or the second argument of what writes an event."""
    found = [word.value for word in call.keywords if word.arg == "verb"]
    if getattr(call.func, "id", "") in ("write_charge_event", "write_authorization_event"):
        found += call.args[1:2]
    return {node.value for node in found if isinstance(node, ast.Constant)}


def verbs_of_the_app() -> set[str]:
    calls = (
        node
        for path in FOLDER.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
    )
    return set().union(*map(written_by, calls))


def test_every_verb_the_app_writes_has_words():
    moves = {row.verb for row in (*AUTHORIZATION_MOVES, *CHARGE_MOVES)}
    written = verbs_of_the_app()
    assert {"open", "course_changed", "come_back", "judge"} <= written
    assert (moves | written | set(VERB_OF_STATUS.values())) - set(DONE) == set()
    assert all("_" not in words and words[0].isupper() for words in DONE.values())


def test_where_it_led_is_said_once():
    assert done_and_now("release", "released") == "released"
    assert done_and_now("judge", "held") == "judged, now held"
    assert done_and_now("mark_not_billable", "not_billable") == "marked as not billable"
    assert done_label("something_new") == "Something new"


@pytest.mark.django_db
def test_the_pages_tell_it_in_the_past_tense(approved, course, treat):
    session = treat(course)[0]
    assert [moment.what for moment in events(approved)] == ["Approved", "Submitted", "Opened"]
    told = {moment.what for moment in course_events(course)}
    assert {"Authorization: approved", "Authorization: submitted"} <= told
    charge = [m.what for m in session_events(session) if m.what.startswith("Charge")]
    assert "Charge: captured" in charge


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "left", "kept"),
    [
        ("2026-11-13 12:00", "in 1 day", "no answer yet"),
        ("2026-11-14 09:00", "in 8 hours", "no answer yet"),
        ("2026-11-14 20:30", "3 hours overdue", "no answer yet, 3 hours late"),
        ("2026-11-15 08:00", "1 day overdue", "no answer yet, 1 day late"),
        ("2026-11-23 09:00", "9 days overdue", "no answer yet, 9 days late"),
    ],
)
def test_a_delay_is_told_one_way_by_the_dates_on_the_wall(waiting, now, left, kept):
    with time_machine.travel(at(waiting, now), tick=False):
        assert countdown(waiting)["words"] == left
        assert clock_kept(waiting)["verdict"] == kept


@pytest.fixture
def waiting(course, plan):
    """A request to be answered by five in the afternoon of 14 November."""
    return make.PriorAuthorizationFactory(
        course=course,
        plan=plan,
        facility=course.facility,
        status="submitted",
        received_on=at(course, "2026-11-01 09:00"),
        due_at=at(course, "2026-11-14 17:00"),
    )


def at(row, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=row.facility.tz)

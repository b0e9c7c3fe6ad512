"""What is in force is decided by the lines: contests, replacements, forecasts, mended letters."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from authorizations.actions.authorizations import Refused, move, open_request, submit
from authorizations.actions.charges import judge_course
from authorizations.actions.letters import AlreadyWritten, LineAnswer, correct_answer, decide
from authorizations.actions.release import release, void
from authorizations.facts import CourseFile
from authorizations.invariants import INVARIANTS, broken
from authorizations.models import (
    AuthorizationEvent,
    AuthorizedService,
    Charge,
    GuidanceSession,
    PriorAuthorization,
    Task,
)
from authorizations.standing import standings
from authorizations.units_ahead import outlook, unit_bars
from authorizations.worklists import queues
from authorizations.worklists.syncing import sync_tasks
from tests import factories as make
from tests.conftest import asked_lines

pytestmark = pytest.mark.django_db
VALID = (date(2026, 10, 1), date(2026, 12, 31))
TODAY = date(2026, 10, 15)
NOW = datetime(2026, 10, 15, 18, tzinfo=None)


@pytest.fixture
def clerk(person):
    return person("front_desk", None)


@pytest.fixture(autouse=True)
def afternoon(facility):
    with time_machine.travel(datetime(2026, 10, 15, 15, tzinfo=facility.tz), tick=True):
        yield


def answers(request, *units, valid=VALID):
    return [
        LineAnswer(line, "approved", count, *valid) if count else LineAnswer(line, "denied")
        for line, count in zip(request.lines.order_by("pk"), units, strict=True)
    ]


def write(request, clerk, *units, number="A1000001", on=TODAY, valid=VALID, **more):
    return decide(
        authorization=request, by=clerk, decided_on=on, evidence="letter", number=number,
        reason="" if all(units) else "Too many", answers=answers(request, *units, valid=valid),
        **more,
    )  # fmt: skip


@pytest.fixture
def cut(course, clerk):
    """28 of delivery and 20 of guidance approved, of 28 asked."""
    return write(asked(course, clerk), clerk, 28, 20)


def asked(course, clerk, lines=None, **given):
    request = open_request(
        course=course, by=clerk, lines=lines or asked_lines(course, 28),
        plan=course.patient.coverages.get(effective_through=None).plan,
        facility=course.facility, **given,
    )  # fmt: skip
    received = datetime(2026, 9, 28, 12, tzinfo=course.facility.tz)
    return submit(authorization=request, by=clerk, channel="portal", received_on=received)


def words(client, course) -> str:
    return client.get(reverse("course_detail", args=[course.pk])).context["sentence"]


def in_force(course):
    """All that must not change while a contest runs."""
    found = outlook(course, TODAY)
    row = queues.courses(None, make_now()).get(pk=course.pk)
    return (
        [(line.code, line.units_used) for line in AuthorizedService.objects.in_force(TODAY)],
        found.guidance.first_short,
        [(bar.label, bar.approved, bar.used, bar.short) for bar in unit_bars(found)],
        standings([course], TODAY)[course.pk].label,
        row.units_left,
        list(queues.unauthorized(None, make_now())),
        list(queues.short(None, make_now())),
        list(Charge.objects.order_by("pk").values_list("status", "disposition", "leading_rule")),
        list(GuidanceSession.objects.order_by("pk").values_list("authorized_service", flat=True)),
        [line.decision for line in CourseFile(course).lines],
    )


def make_now():
    from django.utils import timezone

    return timezone.now()


@pytest.mark.parametrize("verb", ["schedule_peer_to_peer", "appeal"])
def test_a_contest_of_a_cut_leaves_what_was_approved_in_force(
    course, cut, treat, clerk, front_desk, verb
):
    treat(course, 5)
    before, said = in_force(course), words(front_desk, course)
    move(authorization=cut, verb=verb, by=clerk, reason="The comparison is attached")
    judge_course(course, by=clerk)
    assert in_force(course) == before
    assert words(front_desk, course) == said
    page = front_desk.get(reverse("authorization_detail", args=[cut.pk]))
    assert [ledger.approved for ledger in page.context["ledgers"]] == [20]
    assert [key.key for key in INVARIANTS if broken(key)] == []


@pytest.mark.parametrize("verb", ["schedule_peer_to_peer", "appeal"])
def test_a_lost_contest_of_a_cut_leaves_the_cut(course, cut, clerk, front_desk, verb):
    first = cut.decided_on
    move(authorization=cut, verb=verb, by=clerk, reason="Compared")
    page = front_desk.get(reverse("authorization_detail", args=[cut.pk]))
    verbs = {row.verb for row in page.context["moves"]}
    assert "uphold_cut" in verbs
    assert not verbs & {"uphold", "uphold_after_peer_to_peer"}
    url = reverse("authorization_move", args=[cut.pk, "uphold_cut"])
    front_desk.post(url, {"reason": "They stay with 20"})
    cut.refresh_from_db()
    assert (cut.status, cut.decided_on, cut.first_answered_on) == (
        "partially_approved", first, first,
    )  # fmt: skip
    event = cut.events.last()
    assert event.details == {"contest": verb, "gained": False}
    assert cut not in queues.denied(None, make_now())
    page = front_desk.get(reverse("authorization_detail", args=[cut.pk]))
    assert {"appeal", "cancel", "supersede"} <= {row.verb for row in page.context["moves"]}


@pytest.mark.parametrize(
    ("verb", "lost", "status"),
    [
        ("appeal", "uphold", "upheld"),
        ("schedule_peer_to_peer", "uphold_after_peer_to_peer", "denied"),
    ],
)
def test_a_lost_contest_of_a_denial_leaves_the_denial(
    course, clerk, front_desk, verb, lost, status
):
    request = write(asked(course, clerk), clerk, None, None, number="")
    move(authorization=request, verb=verb, by=clerk, reason="Compared")
    page = front_desk.get(reverse("authorization_detail", args=[request.pk]))
    verbs = {row.verb for row in page.context["moves"]}
    assert lost in verbs
    assert not verbs & {"uphold_cut", "cancel", "supersede"}
    front_desk.post(reverse("authorization_move", args=[request.pk, lost]), {"reason": "No"})
    request.refresh_from_db()
    assert (request.status, request.events.last().details["gained"]) == (status, False)


def test_an_appeal_that_denies_all_by_letter_upholds(course, clerk):
    request = write(asked(course, clerk), clerk, None, None, number="")
    move(authorization=request, verb="appeal", by=clerk, reason="Compared")
    write(request, clerk, None, None, number="")
    request.refresh_from_db()
    assert request.status == "upheld"


def test_a_cut_under_contest_shows_its_deadlines_and_stays_on_the_list(
    course, cut, clerk, front_desk
):
    move(authorization=cut, verb="schedule_peer_to_peer", by=clerk, reason="Compared")
    page = front_desk.get(reverse("authorization_detail", args=[cut.pk]))
    assert page.context["windows"]
    assert cut in queues.denied(None, make_now())


def test_the_first_decision_date_stays_when_a_contest_is_answered(course, cut, clerk, front_desk):
    first = cut.decided_on
    move(authorization=cut, verb="schedule_peer_to_peer", by=clerk, reason="Compared")
    write(cut, clerk, 28, 28, on=date(2026, 10, 20))
    page = front_desk.get(reverse("authorization_detail", args=[cut.pk]))
    listed = front_desk.get(reverse("authorization_list")).content.decode()
    assert page.context["first_decided_on"] == first
    assert "answered again Tue 20 Oct 2026" in page.content.decode()
    assert "Thu 15 Oct 2026" in listed


def test_cancelling_an_approval_takes_it_out_of_force_at_once(course, cut, treat, front_desk):
    treat(course, 3)
    url = reverse("authorization_move", args=[cut.pk, "cancel"])
    front_desk.post(url, {"reason": "Not given here"})
    assert set(GuidanceSession.objects.values_list("authorized_service", flat=True)) == {None}
    assert [key.key for key in INVARIANTS if broken(key)] == []


# One request that follows another


def follow(course, clerk, followed, request_type, units, *, number, start, **more):
    lines = asked_lines(course, units)
    request = asked(
        course, clerk, lines, supersedes=followed, request_type=request_type,
        is_second_on_purpose=True,
    )  # fmt: skip
    return write(request, clerk, units, units, number=number, valid=(start, VALID[1]), **more)


@pytest.mark.parametrize("request_type", ["revision", "renewal"])
def test_a_revision_replaces_what_it_follows_from_its_first_day(
    course, cut, treat, clerk, request_type
):
    sessions = treat(course, 6)
    start = sessions[3].date_of_service
    new = follow(course, clerk, cut, request_type, 25, number="B2", start=start)
    cut.refresh_from_db()
    assert (cut.status, cut.superseded_from) == ("superseded", start)
    numbers = [
        GuidanceSession.objects.get(pk=s.pk).authorized_service.authorization.number
        for s in sessions
    ]
    assert numbers == ["A1000001"] * 3 + ["B2"] * 3
    found = outlook(course, TODAY)
    assert found.guidance.units_unused == 0
    (bar,) = (bar for bar in unit_bars(found) if bar.label.startswith("77387"))
    assert [segment.approved for segment in bar.segments] == [3, 25]
    assert bar.short == 0
    assert [key.key for key in INVARIANTS if broken(key)] == []
    assert new.status == "approved"


def test_a_replacement_to_come_leaves_the_old_one_in_force_until_then(course, cut, treat, clerk):
    treat(course, 3)
    start = TODAY + timedelta(days=10)
    follow(course, clerk, cut, "revision", 25, number="B2", start=start)
    assert standings([course], TODAY)[course.pk].label == "Approved"
    numbers = {line.authorization.number for line in AuthorizedService.objects.in_force(TODAY)}
    assert numbers == {"A1000001"}
    numbers = {line.authorization.number for line in AuthorizedService.objects.in_force(start)}
    assert numbers == {"B2"}
    assert not queues.short(None, make_now()).exists()


def test_both_stay_where_the_payer_left_both(course, cut, clerk):
    follow(course, clerk, cut, "revision", 8, number="B2", start=VALID[0], keeps_both=True)
    cut.refresh_from_db()
    assert cut.status == "partially_approved"


def test_an_extension_adds(course, cut, treat, clerk, front_desk):
    course.fractions_planned = 28
    course.save()
    treat(course, 4)
    sync_tasks()
    assert Task.objects.open().filter(queue="short").exists()
    lines = [{"code": "77387", "modifier": "26", "units_requested": 8}]
    new = asked(
        course, clerk, lines, supersedes=cut, request_type="extension", is_second_on_purpose=True
    )
    line = new.lines.get()
    response = front_desk.post(
        reverse("authorization_decide", args=[new.pk]),
        {
            "number": "EXT-1", "decided_on": "2026-10-15", "evidence": "letter",
            f"line-{line.pk}-decision": "approved", f"line-{line.pk}-units_approved": "8",
            f"line-{line.pk}-valid_from": "2026-10-01",
            f"line-{line.pk}-valid_through": "2026-12-31",
        },
    )  # fmt: skip
    assert response.status_code == 302, response.context["form"].errors
    cut.refresh_from_db()
    assert cut.status == "partially_approved"
    found = outlook(course, TODAY)
    bars = {bar.label: bar for bar in unit_bars(found)}
    assert (bars["77387-26"].approved, bars["77387-26"].used, bars["77387-26"].short) == (28, 4, 0)
    assert [s.approved for s in bars["77387-26"].segments] == [20, 8]
    assert "last to the end" in words(front_desk, course)
    page = front_desk.get(reverse("course_detail", args=[course.pk])).content.decode()
    assert "short:" not in page
    assert "short of" not in page
    assert not Task.objects.open().filter(queue="short").exists()


def test_a_revision_mended_to_denied_gives_back_what_it_replaced(course, cut, clerk):
    new = follow(course, clerk, cut, "revision", 25, number="B2", start=TODAY)
    facts = {"decided_on": TODAY, "evidence": "letter", "reason": "No", "number": ""}
    correct_answer(
        authorization=new, by=clerk, why="A slip", answers=answers(new, None, None), **facts
    )
    cut.refresh_from_db()
    assert (cut.status, cut.superseded_from) == ("partially_approved", None)


def test_the_form_says_what_an_approval_replaces(course, cut, clerk, front_desk):
    revised = asked(
        course, clerk, supersedes=cut, request_type="revision", is_second_on_purpose=True
    )
    page = front_desk.get(reverse("authorization_decide", args=[revised.pk])).content.decode()
    assert "A1000001 is replaced from the first day of this approval on" in page
    assert "The payer left A1000001 in force as well: keep both" in page
    other = front_desk.get(reverse("authorization_decide", args=[cut.pk])).content.decode()
    assert "keep both" not in other


def test_another_plan_takes_over_from_its_day_only(course, cut, treat, clerk):
    from authorizations.actions.changes import change_coverage

    treat(course, 3)
    move(authorization=cut, verb="appeal", by=clerk, reason="Compared")
    plan = make.PlanFactory(code="NEW-1", payer=make.PayerFactory(key="newco"))
    start = TODAY + timedelta(days=10)
    change_coverage(patient=course.patient, plan=plan, member_id="N1", starts_on=start, by=clerk)
    cut.refresh_from_db()
    assert (cut.status, cut.superseded_from) == ("superseded", start)
    held = GuidanceSession.objects.exclude(authorized_service=None).count()
    assert held == 3


# The sentence


def test_nothing_asked_is_said_so_with_the_day_by_which_the_payer_must_answer(course, front_desk):
    said = words(front_desk, course)
    assert said.startswith("No authorization has been requested.")
    assert "if asked today" in said
    assert "short" not in said


def test_a_payer_of_whom_nothing_is_known_is_to_be_called(course, plan, front_desk):
    plan.payer.authorizationpolicy_rows.all().delete()
    assert "to ask whether it is required" in words(front_desk, course)


def test_a_denial_says_by_when_to_act(course, clerk, front_desk):
    write(asked(course, clerk), clerk, None, None, number="")
    said = words(front_desk, course)
    assert said.startswith("Denied.")
    assert "short" not in said


def test_a_request_under_way_is_no_shortage(course, clerk, front_desk):
    asked(course, clerk)
    assert words(front_desk, course).startswith("Requested, not decided.")


def test_one_code_of_two_is_not_the_whole_course(course, clerk, front_desk):
    lines = [{"code": "77387", "modifier": "26", "units_requested": 40}]
    write(asked(course, clerk, lines), clerk, 40)
    context = front_desk.get(reverse("course_detail", args=[course.pk])).context
    assert context["sentence_tone"] == "warn"
    assert "77407: No authorization has been requested." in context["sentence"]


def test_too_late_is_explained_and_expedited_is_the_physicians_word(course, cut, treat, front_desk):
    treat(course, 10)
    AuthorizedService.objects.filter(code="77387").update(units_approved=11)
    said = words(front_desk, course)
    assert "has until" in said
    assert "only if the physician attests" in said


# A letter that grants less than was released


@pytest.fixture
def released(course, cut, treat, coder):
    treat(course, 3)
    for charge in Charge.objects.all():
        release(charge=charge, by=coder.user, reason="Clean")
    return cut


@pytest.mark.parametrize(
    ("why", "units", "valid"),
    [
        ("denied, the units left as they were", None, VALID),
        ("fewer", 2, VALID),
        ("other dates", 20, (date(2026, 12, 1), VALID[1])),
    ],
)
def test_a_letter_never_grants_less_than_released_charges_hold(released, clerk, why, units, valid):
    delivery, guidance = released.lines.order_by("pk")
    decision = "approved" if units else "denied"
    mended = [
        LineAnswer(delivery, "approved", 28, *VALID),
        LineAnswer(guidance, decision, units or 20, *valid),
    ]
    facts = {"decided_on": TODAY, "evidence": "letter", "reason": "No", "number": "A1000001"}
    with pytest.raises(Refused, match=r"3 units are held by released charges.*voids those"):
        correct_answer(authorization=released, by=clerk, why="Slip", answers=mended, **facts)
    guidance.refresh_from_db()
    assert (guidance.decision, guidance.units_approved, guidance.units_used) == ("reduced", 20, 3)


def test_the_form_of_a_letter_refuses_a_denial_under_released_charges(released, front_desk, coder):
    url = reverse("authorization_correct", args=[released.pk])
    page = front_desk.get(url)
    names = ("decided_on", "number", "evidence", "reason")
    data = {name: page.context["form"][name].value() or "" for name in names}
    for form in page.context["lines"]:
        data |= {form.add_prefix(name): form[name].value() or "" for name in form.fields}
    decision = page.context["lines"][1].add_prefix("decision")
    mended = {**data, decision: "denied", "reason": "No", "why": "A slip"}
    response = front_desk.post(url, mended)
    assert "3 units are held by released charges" in response.content.decode()
    for charge in Charge.objects.all():
        void(charge=charge, by=coder.user, reason="Denied after all")
    assert front_desk.post(url, mended).status_code == 302


def test_one_bad_row_stops_neither_draw_nor_evidence_nor_ledger(
    released, course, coder, front_desk
):
    line = released.lines.get(code="77387")
    AuthorizedService.objects.filter(pk=line.pk).update(
        decision="denied", units_approved=None, valid_from=None, valid_through=None, units_used=0
    )
    charge = Charge.objects.first()
    data = {"facility": course.facility_id, "payer": charge.plan.payer_id}
    page = coder.post(reverse("batch_draw"), data, follow=True)
    assert page.status_code == 200
    assert "not drawn" in page.content.decode()
    assert not Charge.objects.filter(batch__isnull=False).exists()
    evidence = coder.get(reverse("session_evidence", args=[charge.session_id]))
    assert "is not approved for that day" in evidence.content.decode()
    for part in ("released", "scheduled"):
        url = reverse("authorization_ledger", args=[released.pk, line.pk, part])
        assert front_desk.get(url).status_code == 404
    assert front_desk.get(reverse("authorization_detail", args=[released.pk])).status_code == 200


# Two people, one request


def test_who_comes_second_reads_who_was_first(course, clerk, person):
    request = asked(course, clerk)
    write(request, clerk, 28, 20)
    other = person("front_desk", None)
    with pytest.raises(Refused, match=f"{clerk} wrote a decision down on Thu 15 Oct 2026 at"):
        write(request, other, 28, 28)
    with pytest.raises(AlreadyWritten, match="it was so already"):
        write(request, other, 28, 20)
    assert AuthorizationEvent.objects.filter(verb="partially_approve").count() == 1


def test_the_same_letter_sent_twice_answers_that_it_was_so(course, clerk, front_desk):
    request = asked(course, clerk)
    data = {"number": "A77", "decided_on": "2026-10-15", "evidence": "letter", "reason": ""}
    for line in request.lines.all():
        data |= {
            f"line-{line.pk}-decision": "approved", f"line-{line.pk}-units_approved": "28",
            f"line-{line.pk}-valid_from": "2026-10-01",
            f"line-{line.pk}-valid_through": "2026-12-31",
        }  # fmt: skip
    url = reverse("authorization_decide", args=[request.pk])
    front_desk.post(url, data)
    page = front_desk.post(url, data, follow=True)
    assert "it was so already" in page.content.decode()
    page = front_desk.post(url, {**data, "number": "A78"})
    assert "wrote a decision down on" in page.content.decode()


# A request for one line


def new_request(course, **changes):
    return {
        "line-TOTAL_FORMS": "4", "line-INITIAL_FORMS": "2",
        "line-0-code": "77407", "line-0-modifier": "", "line-0-units_requested": "28",
        "line-1-code": "77387", "line-1-modifier": "26", "line-1-units_requested": "28",
        "plan": course.patient.coverages.get().plan.pk, "facility": course.facility.pk,
        "request_type": "extension", "urgency": "standard", **changes,
    }  # fmt: skip


@pytest.mark.parametrize("emptied", [0, 1])
def test_an_emptied_line_is_left_out(course, books, front_desk, emptied):
    blank = dict.fromkeys(
        (f"line-{emptied}-{name}" for name in ("code", "modifier", "units_requested")), ""
    )
    url = reverse("authorization_new", args=[course.pk])
    response = front_desk.post(url, new_request(course, **blank))
    assert response.status_code == 302, response.context["lines"].errors
    assert PriorAuthorization.objects.get().lines.count() == 1


def test_with_every_line_emptied_the_page_says_that_one_is_needed(course, books, front_desk):
    blank = {
        f"line-{n}-{name}": "" for n in (0, 1) for name in ("code", "modifier", "units_requested")
    }
    url = reverse("authorization_new", args=[course.pk])
    page = front_desk.post(url, new_request(course, **blank)).content.decode()
    assert "A request has at least one line" in page


def test_half_a_line_is_not_an_empty_one(course, books, front_desk):
    url = reverse("authorization_new", args=[course.pk])
    half = new_request(course, **{"line-1-units_requested": ""})
    response = front_desk.post(url, half)
    assert "units_requested" in response.context["lines"][1].errors

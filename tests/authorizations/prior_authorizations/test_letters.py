"""Writing letters down: what was released stays covered, two people, one line, typed wrongly."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from authorizations.charges.actions import release, void
from authorizations.exceptions import Refused
from authorizations.models import (
    AuthorizationEvent,
    AuthorizedService,
    Charge,
    GuidanceSession,
    PriorAuthorization,
)
from authorizations.prior_authorizations.decisions import AlreadyWritten, LineAnswer, correct_answer
from tests.support.payer_letters import TODAY, VALID, afternoon, asked, clerk, cut, write

__all__ = ["afternoon", "clerk", "cut"]


pytestmark = pytest.mark.django_db


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


def test_a_draw_takes_the_others_and_names_the_one_it_leaves(released, course, coder, clerk):
    first, second = Charge.objects.order_by("pk")[:2]
    other = AuthorizedService.objects.create(
        authorization=released, code="77387", units_requested=1, decision="denied"
    )
    GuidanceSession.objects.filter(pk=first.session_id).update(authorized_service=other)
    data = {"facility": course.facility_id, "payer": first.plan.payer_id}
    page = coder.post(reverse("batch_draw"), data, follow=True).content.decode()
    assert "fraction 1: 77387 of A1000001 does not allow" in page
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.batch, second.batch.charges.count()) == (None, 2)


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

"""The page of a charge: the proposal as a diff, the fix of a denial, units, times, its siblings."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from authorizations.charges.conditions import why_move_refused
from authorizations.charges.image_timeline import span
from authorizations.charges.line_diff import proposal
from authorizations.charges.page import finding_with_fix
from authorizations.models import Charge
from authorizations.workflow import CHARGE_MOVES, moves_from
from coding.rules import Correction, Finding, Severity
from tests import factories as make

pytestmark = pytest.mark.django_db


def page(client, charge) -> str:
    return client.get(reverse("charge_detail", args=[charge.pk])).content.decode()


@pytest.fixture
def books(plan):
    make.ProcedureCodeFactory(code="77387")
    for code in ("26", "TC", "76"):
        make.ModifierFactory(code=code)


@pytest.mark.parametrize(
    ("line", "correction", "parts"),
    [
        ("77387", Correction(modifiers=("26",)), ["77387", "+-26"]),
        ("77014-26", Correction(code="77387"), ["-77014", "+77387", "-26"]),
        ("77387-TC", Correction(modifiers=("26",)), ["77387", "--TC", "+-26"]),
        ("77387-26", Correction(modifiers=("26", "76")), ["77387", "-26", "+-76"]),
        ("77387-26", Correction(units=2), ["77387", "-26", "-×1", "+×2"]),
        ("77387-26", Correction(note="ask the payer"), None),
        ("77387-26", Correction(code="77387", modifiers=("26",)), None),
    ],
)
def test_a_proposal_is_a_diff_of_the_line(line, correction, parts):
    code, *modifiers = line.split("-")
    made = proposal(Charge(code=code, modifiers=modifiers), correction, "R01")
    signs = {"kept": "", "removed": "-", "added": "+"}
    shown = made and [signs[part.change] + part.text for part in made.parts]
    assert shown == parts


@pytest.fixture
def wrong_line(coder, course, approved, treat, books) -> Charge:
    """A charge whose technical component somebody typed: the rulebook proposes 26."""
    charge = treat(course)[0].charges.get()
    url = reverse("charge_move", args=[charge.pk, "correct"])
    coder.post(url, {"code": "77387", "modifiers": "TC", "units": "1", "reason": "a test"})
    return Charge.objects.get(pk=charge.pk)


def test_a_proposed_correction_is_applied_in_one_press(coder, wrong_line):
    text = page(coder, wrong_line)
    section = re.search(r'aria-labelledby="proposal">.*?</section>', text, re.S).group()
    assert '<del><span class="visually-hidden">remove </span>-TC</del>' in section
    assert '<ins><span class="visually-hidden">add </span>-26</ins>' in section
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', section))
    fields.pop("csrfmiddlewaretoken", None)
    coder.post(reverse("charge_move", args=[wrong_line.pk, "apply_correction"]), fields)
    wrong_line.refresh_from_db()
    assert wrong_line.line == "77387-26"
    assert wrong_line.events.filter(verb="apply_correction").exists()
    assert 'id="proposal"' not in page(coder, wrong_line)


def test_a_likely_denial_comes_with_what_mends_it(coder, course, approved, treat):
    charge = treat(course, 2, reviewed=False)[0].charges.get()
    text = page(coder, charge)
    assert "Likely denial: CO-226" in text
    assert "Send order, images, shifts and approval of that fraction." in text
    assert "Confidence: B" in text


def test_a_remark_stands_beside_the_reason_it_comes_with():
    finding = Finding(
        number="R28",
        key="too-many",
        severity=Severity.HOLD,
        sentence="Too many.",
        correction=None,
        likely_denial=("CO-151", "N362"),
        citation="a table",
        confidence="A",
    )
    shown = finding_with_fix(finding)["denials"]
    assert [denial["code"] for denial in shown] == ["CO-151 N362"]
    assert shown[0]["situation"] == "Too many units"


def test_the_units_of_the_authorization_stand_beside_the_charge(coder, course, approved, treat):
    treat(course, 3)
    charge = treat(course, 1, reviewed=False)[0].charges.get()
    text = page(coder, charge)
    sums = re.search(r'<table class="sums">.*?</table>', text, re.S).group()
    figures = [int(n) for n in re.findall(r'<td class="number">(\d+)</td>', sums)]
    assert figures == [28, 4, 0, 3, 1, 24]
    assert "A1000001" in text
    assert "/held/" in sums


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (2, "Approved 22 h before the next treatment."),
        (27, "Approved 3 h after the next treatment began: too late."),
    ],
)
def test_the_review_is_drawn_against_the_next_treatment(
    coder, course, approved, treat, hours, said
):
    first, _ = treat(course, 2, reviewed=False)
    make.ImageReviewFactory(
        session=first,
        reviewed_by=course.physician,
        reviewed_at=first.started_at + timedelta(hours=hours),
    )
    text = page(coder, first.charges.get())
    drawn = re.search(r'<figure class="time-line">.*?</figure>', text, re.S).group()
    assert said in drawn
    names = re.findall(r'time-line-label"[^>]*>([^<]+)<', drawn)
    late = ["Image", "Beam", "Next treatment", "Approved"]
    assert names == (late if hours > 24 else ["Image", "Beam", "Approved", "Next treatment"])
    assert "Mon 5 Oct, 10:00" in drawn  # the facility's clock
    assert "4 min later" in drawn


def test_what_has_not_happened_is_drawn_as_missing(coder, course, approved, treat):
    charge = treat(course, 1, reviewed=False)[0].charges.get()
    text = page(coder, charge)
    assert "Not approved yet. It must be, before the next treatment begins." in text
    assert text.count("time-line-stop is-missing") == 2


def test_lengths_of_time_are_said_as_people_say_them():
    day = timedelta(days=1)
    assert [span(t) for t in (day / 360, day / 8, day / 10, day, day * 2.5)] == [
        "4 min", "3 h", "2 h 24 min", "1 day", "2 days 12 h",
    ]  # fmt: skip


def test_the_same_finding_on_siblings_opens_as_a_list(coder, course, approved, treat):
    sessions = treat(course, 4, reviewed=False)
    charge = sessions[0].charges.get()
    other = make.ChargeFactory(
        session__course__facility=course.facility, leading_rule=charge.leading_rule, status="held"
    )
    text = page(coder, charge)
    url, words = re.search(r'class="alike"><a href="([^"]+)">([^<]+)<', text).groups()
    alike = Charge.objects.filter(session__course=course, leading_rule=charge.leading_rule).count()
    assert words == f"{alike - 1} more like this in the course"
    listed = coder.get(unescape(url)).content.decode()
    assert len(re.findall(r'id="charge-\d+"', listed)) == alike
    assert f'id="charge-{other.pk}"' not in listed


def test_every_move_of_the_table_has_its_button(coder, manager, course, approved, treat):
    charge = treat(course, 2, reviewed=False)[0].charges.get()
    for client, role in ((coder, "coder"), (manager, "manager")):
        text = page(client, charge)
        for move in moves_from(CHARGE_MOVES, "held", [role]):
            url = reverse("charge_move", args=[charge.pk, move.verb])
            assert (url in text) == (why_move_refused(charge, move.verb, client.user) is None), (
                move.verb
            )
    assert "propose_override" not in page(coder, charge)


def test_a_hold_asks_for_the_day_to_look_again(coder, course, approved, treat):
    charge = treat(course)[0].charges.get()
    assert 'name="look_again_on"' in page(coder, charge)


def test_the_page_asks_the_same_however_long_the_course(coder, course, approved, treat):
    charge = treat(course, 2)[0].charges.get()

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(coder, charge)
        return len(asked)

    questions()
    few = questions()
    treat(course, 6)
    assert questions() == few

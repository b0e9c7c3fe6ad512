"""The whole path in Chromium, with and without scripts: from an authorization to a batch."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from authorizations.models import Batch, Charge, Course
from seeds.demo.letters import letter_as_pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def register(page, today) -> None:
    page.goto("/courses/new/")
    for name, value in {
        "mrn": "WALK1",
        "last_name": "Walker",
        "first_name": "Wil",
        "date_of_birth": "1955-03-14",
        "plan": "STD-CIG-CFI",
        "member_id": "W123",
        "coverage_from": "2026-01-01",
        "code": "WALK-C1",
        "diagnosis": "C61",
        "body_site": "prostate",
        "delivery_code": "77407",
        "guidance_ordered_on": (today - timedelta(days=7)).isoformat(),
        "fractions_planned": "2",
        "first_fraction_on": today.isoformat(),
    }.items():
        page.fill(f"[name={name}]", value)
    page.select_option("[name=sex]", "M")
    page.select_option("[name=facility]", label="Riverside Hospital Radiation Oncology")
    page.select_option("[name=physician]", label="Ines Alder")
    page.select_option("[name=technique]", "IMRT")
    page.select_option("[name=guidance_modality]", "cbct")
    page.click("button:has-text('Register')")
    assert "requires authorization for this course; eviCore decides" in page.inner_text("main")


def ask_and_decide(page, today) -> None:
    page.click("a:has-text('New authorization')")
    page.click("button:has-text('Save as draft')")
    page.click("main a:has-text('Submit')")
    page.click("button:has-text('Submitted')")
    assert "Answer due" in page.inner_text("main")
    page.fill("[name=person]", "Jo")
    page.fill("[name=summary]", "Answer today.")
    page.click("button:has-text('Log it')")
    assert "Answer today." in page.inner_text("main")
    page.click("a:has-text('Record decision')")
    page.fill("[name=number]", "WALKAUTH1")
    page.select_option("[name=evidence]", "letter")
    letter = {
        "name": "letter.pdf",
        "mimeType": "application/pdf",
        "buffer": letter_as_pdf("Approved"),
    }
    page.set_input_files("[name=document]", letter)
    for field in page.locator("[name$=valid_from]").all():
        field.fill((today - timedelta(days=1)).isoformat())
    for field in page.locator("[name$=valid_through]").all():
        field.fill((today + timedelta(days=60)).isoformat())
    page.click("button:has-text('Record decision')")
    assert "Authorization WALKAUTH1" in page.inner_text("h1")


def treat(page, course: Course, today) -> None:
    page.goto(f"/day-sheet/?facility=RIVER&date={today.isoformat()}&all=1")
    row = f"row-{course.pk}-1"
    now = timezone.localtime(timezone=course.facility.tz) - timedelta(minutes=20)
    page.fill(f"[name={row}-start_time]", now.strftime("%H:%M"))
    page.select_option(f"[name={row}-delivered]", "yes")
    page.fill(f"[name={row}-image_time]", now.strftime("%H:%M"))
    for shift, value in (("lr", "1"), ("si", "-2.5"), ("ap", "0")):
        page.fill(f"[name={row}-shift_{shift}]", value)
    page.select_option(f"[name={row}-machine]", "TB1")
    page.click(f"tr#{row} button:has-text('Save')")
    assert "1 row saved" in page.inner_text("main")


def approve(page) -> None:
    page.goto("/image-reviews/")
    page.check("input[aria-label^='Walker, Wil']")
    page.click("button:has-text('Approve ticked')")
    assert "1 session approved" in page.inner_text("main")


def release_and_draw(page, charge: Charge) -> None:
    page.goto(f"/charges/{charge.pk}/")
    page.click("button:has-text('Release')")
    assert "Released" in page.inner_text("h1")
    page.goto("/batches/")
    row = page.locator("tr", has_text="Riverside").filter(has_text="Cigna")
    row.locator("button:has-text('Draw')").first.click()
    with page.expect_download() as download:
        page.click("a:has-text('CSV for billing')")
    text = download.value.path().read_text()
    assert "WALKAUTH1" in text


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_an_authorization_to_a_released_batch(signed_in, scripts):
    desk = signed_in("frontdesk", scripts=scripts)
    today = timezone.localtime(timezone=timezone.get_fixed_timezone(-360)).date()
    register(desk, today)
    ask_and_decide(desk, today)
    course = Course.objects.select_related("facility").get(code="WALK-C1")
    treat(signed_in("therapist", scripts=scripts), course, today)
    approve(signed_in("physician", scripts=scripts))
    charge = Charge.objects.get(session__course=course)
    assert (charge.status, charge.line) == ("ready", "77387-26")
    batches = Batch.objects.count()
    release_and_draw(signed_in("coder", scripts=scripts), charge)
    assert Batch.objects.count() == batches + 1
    manager = signed_in("manager", scripts=scripts)
    manager.goto("/payer-dashboard/")
    manager.click("main a.stat-figure >> nth=0")
    assert manager.locator("main table.ledger tbody tr").count() > 0


def test_slash_finds_the_search_and_a_draft_survives_leaving(signed_in):
    page = signed_in("frontdesk")
    page.goto("/courses/new/")
    page.fill("[name=body_site]", "left knee")
    page.goto("/courses/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "text"
    page.goto("/courses/new/")
    assert page.input_value("[name=body_site]") == ""  # it may be of another patient: asked first
    page.click("button:has-text('Go on with it')")
    assert page.input_value("[name=body_site]") == "left knee"

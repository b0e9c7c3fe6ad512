"""The list of the day by its keys, and without a script."""

from __future__ import annotations

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_call_from_a_row_and_the_next_case_by_keys(signed_in):
    page = signed_in("frontdesk")
    page.goto("/")
    page.keyboard.press("j")
    page.keyboard.press("c")
    page.wait_for_url("**/day-list/call/**")
    page.keyboard.type("They decide on Friday: c d z")  # no key is a verb while somebody types
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/#at-0")
    assert "They decide on Friday" in page.inner_text("[data-row]:focus-within")
    page.keyboard.press("Enter")
    page.wait_for_url("**at=1")
    page.keyboard.press("j")
    page.wait_for_url("**at=2")
    page.keyboard.press("k")
    page.wait_for_url("**at=1")
    page.keyboard.press("c")
    assert page.evaluate("document.activeElement.closest('section') !== null")


def test_single_keys_can_be_switched_off(signed_in):
    page = signed_in("frontdesk")
    page.goto("/")
    page.keyboard.press("?")
    page.click("[data-keys-switch]")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.locator("[data-row]:focus-within").count() == 0


def test_without_a_script_the_list_is_worked_by_links(signed_in):
    page = signed_in("frontdesk", scripts=False)
    page.goto("/")
    page.click("[data-row] details summary")
    page.click("[data-row] details[open] >> text=Defer…")
    page.fill("[name=until]", "2026-11-01")
    page.fill("[name=reason]", "The plan is not ready")
    page.click("button:has-text('Defer')")
    assert "choose a later day" in page.inner_text("[role=alert]")
    assert page.input_value("[name=reason]") == "The plan is not ready"
    page.goto("/")
    page.click("[data-row] td.who a")
    assert re.search(r"1 of \d+", page.inner_text("nav.steps"))

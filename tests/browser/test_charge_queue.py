"""The charge queue by keyboard in Chromium: the charge beside the list, and the place kept."""

from __future__ import annotations

import pytest

from authorizations.models import Charge

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def opened(page) -> str | None:
    return page.locator("#pane").get_attribute("data-open")


def focused(page) -> str:
    return page.evaluate("document.activeElement.closest('[data-row]').id")


def test_a_charge_opens_beside_the_list_and_the_list_keeps_its_place(signed_in):
    page = signed_in("coder")
    page.goto("/charges/?status=held&group=payer&page=2")
    rows = page.locator("[data-row]")
    for _ in range(4):
        page.keyboard.press("j")
    page.keyboard.press("k")
    here = rows.nth(2).get_attribute("id")
    assert focused(page) == here
    scrolled = page.evaluate("scrollY")
    page.keyboard.press("Enter")
    number = here.removeprefix("charge-")
    page.wait_for_selector(f"#pane[data-open='{number}']")
    assert f"page=2&charge={number}" in page.url
    assert "status=held" in page.url
    assert focused(page) == here  # j goes on from here
    assert page.locator("[data-row] a[aria-current]").count() == 1
    assert page.evaluate("scrollY") == scrolled
    assert page.locator("#pane").bounding_box()["x"] > rows.nth(2).bounding_box()["x"]
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    following = rows.nth(3).get_attribute("id").removeprefix("charge-")
    page.wait_for_selector(f"#pane[data-open='{following}']")
    page.go_back()
    page.wait_for_selector(f"#pane[data-open='{number}']")
    page.keyboard.press("Escape")
    page.wait_for_selector("#pane.is-empty", state="attached")
    assert "charge=" not in page.url.split("#")[0]
    assert "page=2" in page.url


def test_releasing_beside_the_list_opens_the_next_charge(signed_in):
    page = signed_in("coder")
    page.goto("/charges/?status=ready")
    first, second = (page.locator("[data-row]").nth(n).get_attribute("id") for n in (0, 1))
    page.locator(f"#{first} a").click()
    number = first.removeprefix("charge-")
    page.wait_for_selector(f"#pane[data-open='{number}']")
    page.locator("#pane button:has-text('Release')").click()
    page.wait_for_selector(f"#pane[data-open='{second.removeprefix('charge-')}']")
    assert Charge.objects.get(pk=number).status == "released"
    assert page.locator(f"#{first}").count() == 0
    assert "status=ready" in page.url


@pytest.mark.parametrize(
    ("width", "scripts"), [(1280, False), (820, True)], ids=["without scripts", "on a tablet"]
)
def test_the_charge_is_in_sight_without_scripts_and_on_a_tablet(signed_in, width, scripts):
    page = signed_in("coder", width=width, scripts=scripts)
    page.goto("/charges/?status=held")
    row = page.locator("[data-row]").nth(3)
    number = row.get_attribute("id").removeprefix("charge-")
    row.locator("a").click()
    page.wait_for_selector(f"#pane[data-open='{number}']")
    assert page.locator("#pane h2").first.bounding_box()["y"] < 900
    page.locator("#pane >> text=Close").click()
    page.wait_for_selector("#pane.is-empty", state="attached")
    assert page.locator(f"#charge-{number}").is_visible()

"""A real browser on a real server with the demo department."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest

from tests.conftest import PASSWORD

playwright = pytest.importorskip("playwright.sync_api", exc_type=ImportError)
CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


@pytest.fixture(scope="session", autouse=True)
def _allow_both():
    """Playwright runs an event loop beside Django's ordinary, blocking database work."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    if CHROMIUM is None:
        pytest.skip("no Chromium here")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def department(live_server, settings, tmp_path) -> str:
    """The address of a server with the books and the demo department."""
    from django.core.management import call_command

    from seeds.demo import load_demo

    settings.DOCUMENT_ROOT = tmp_path
    call_command("seed", verbosity=0)
    load_demo(password=PASSWORD)
    return str(live_server.url)


@pytest.fixture
def signed_in(chromium, department) -> Iterator[Callable[..., object]]:
    """A page of somebody in a role; what the browser complains about fails the test."""
    complaints: list[str] = []
    contexts = []

    def open_as(username: str, *, scripts: bool = True, width: int = 1280, scheme: str = "light"):
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=scripts,
            base_url=department,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.goto("/accounts/sign-in/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.click("form button[type=submit]:has-text('Sign in')")
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert complaints == []

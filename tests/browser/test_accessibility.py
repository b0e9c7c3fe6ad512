"""axe finds nothing on any page, in light and dark, on a desk and on a tablet."""

from __future__ import annotations

import pytest

from authorizations.models import Batch, Charge, Course, PriorAuthorization

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
axe = pytest.importorskip("axe_playwright_python.sync_playwright", exc_type=ImportError)


def therapist_pages(held: Charge) -> list[str]:
    """The day: its sheet, a session, its reconciliation with gaps and without, a row from paper."""
    return [
        "/day-sheet/?facility=RIVER",
        f"/day-sheet/?facility=RIVER&date={held.date_of_service}",
        f"/sessions/{held.session_id}/",
        "/reconciliation/?facility=RIVER",
        f"/reconciliation/?facility=RIVER&date={held.date_of_service}",
        "/day-sheet/paper/?code=0000-0000-0",
    ]


def pages() -> dict[str, list[str]]:
    """Addresses by login: each page once, with something on it."""
    held = Charge.objects.filter(status="held").first()
    ready = Charge.objects.filter(status="ready").first()
    pended = PriorAuthorization.objects.filter(status="pended").first()
    denied = PriorAuthorization.objects.filter(status="denied").first()
    course = Course.objects.order_by("pk")[1]
    return {
        "frontdesk": [
            "/",
            "/courses/",
            "/courses/new/",
            f"/courses/{course.pk}/",
            f"/courses/{course.pk}/authorizations/new/",
            "/authorizations/",
            f"/authorizations/{pended.pk}/",
            f"/authorizations/{denied.pk}/",
            f"/authorizations/{pended.pk}/decide/",
            f"/authorizations/{pended.pk}/documents/new/",
            "/imports/treatments/",
        ],
        "therapist": therapist_pages(held),
        "physician": ["/image-reviews/"],
        "coder": [
            "/charges/",
            f"/charges/?status=any&group=deadline&charge={held.pk}",
            f"/charges/{held.pk}/",
            f"/sessions/{held.session_id}/evidence/",
            f"/charges/{ready.pk}/",
            "/batches/",
            f"/batches/{Batch.objects.first().pk}/",
            "/codes/",
            "/codes/77387/",
            "/payers/may-we-bill/?code=77387&modifiers=26&on=2026-11-23&place=22&2-place=11",
            "/codes/77387/?on=2025-12-31&beside=2026-01-01",
            *("/codes/rules/", "/codes/rules/R43/", "/codes/rules/try/"),
            *("/payers/", "/payers/unitedhealthcare/"),
        ],
        "manager": ["/payer-dashboard/", "/payer-dashboard/held/"],
    }


@pytest.mark.parametrize(
    ("scheme", "width"), [("light", 1280), ("dark", 820)], ids=["light desk", "dark tablet"]
)
def test_axe_finds_nothing(signed_in, scheme, width):
    found = []
    for username, addresses in pages().items():
        page = signed_in(username, scheme=scheme, width=width)
        for address in addresses:
            page.goto(address)
            found += [
                f"{address}: {violation['id']}: {node['target']}: {node['failureSummary']}"
                for violation in axe.Axe().run(page).response["violations"]
                for node in violation["nodes"][:3]
            ]
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{address} is {wide} wide"
    assert found == []

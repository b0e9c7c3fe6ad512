"""What is sent after the automatic sign-out is kept for its writer, and the way back is a page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.kept_forms import answers_get
from accounts.models import KeptForm, Role
from authorizations.models import ChargeStatus
from authorizations.notifications.scheduled_jobs import sweep
from tests.support.permissions import OPENS, address
from tests.support.permissions import addresses as addresses
from tests.support.sign_in import sign_in

pytestmark = pytest.mark.django_db
WORDS = "typed with care"
ORIGIN = "http://testserver"


def leave_alone(client: Client) -> None:
    """The desk is left for longer than the idle limit."""
    session = client.session
    session["last_seen_at"] = session["signed_in_at"] = 1_000
    session.save()


def back_again(client: Client, answer) -> object:
    """Signed in again, on the page that the sign-in leads to."""
    door = answer["Location"]
    assert door.startswith(reverse("login"))
    target = client.get(door).context["next"]
    signed_in = sign_in(client, client.user.username, next=target)
    return client.get(signed_in["Location"], follow=True)


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.MANAGER, Role.THERAPIST, Role.PHYSICIAN])
def test_every_form_is_kept_and_every_way_back_is_a_page(client_of, addresses, role):
    from accounts.kept_forms import NEVER_KEPT

    client = client_of(role)
    for name, (_, writers) in OPENS.items():
        if role not in writers or name in NEVER_KEPT:
            continue
        client.force_login(client.user)
        client.get(reverse("password_change"))
        leave_alone(client)
        action = address(name, addresses)
        answer = client.post(action, {"reason": WORDS, "typed_password": "secret"})
        page = back_again(client, answer)
        assert page.status_code == 200, name
        assert WORDS in page.content.decode(), name
        kept = KeptForm.objects.get(owner=client.user)
        assert kept.action == action, name
        assert "secret" not in str(kept.fields), name
        kept.delete()


@pytest.fixture
def held(coder, course, approved, treat):
    """A coder's browser, left alone on the page of a charge, and what came of holding it then."""
    charge = treat(course)[0].charges.get()
    page = reverse("charge_detail", args=[charge.pk])
    hold = reverse("charge_move", args=[charge.pk, "hold"])
    coder.get(page)
    leave_alone(coder)
    answer = coder.post(hold, {"reason": WORDS}, HTTP_REFERER=f"{ORIGIN}{page}")
    return coder, charge, page, answer


def test_the_way_back_is_the_page_the_form_stood_on(held):
    coder, charge, page, answer = held
    assert back_again(coder, answer).request["PATH_INFO"] == page
    charge.refresh_from_db()
    assert charge.status != ChargeStatus.HELD


def test_one_press_sends_it_again_and_ends_the_keeping(held):
    coder, charge, _, answer = held
    shown = back_again(coder, answer).content.decode()
    kept = KeptForm.objects.get()
    assert f'action="{kept.action}"' in shown
    coder.post(kept.action, {"reason": WORDS, "kept-form": kept.pk})
    charge.refresh_from_db()
    assert (charge.status, charge.hold_reason) == (ChargeStatus.HELD, WORDS)
    assert not KeptForm.objects.exists()
    assert WORDS not in coder.get(reverse("home")).content.decode()


def test_nobody_else_sees_or_drops_it(held, person):
    other = Client()
    other.user = person(Role.CODER)
    sign_in(other, other.user.username)
    assert WORDS not in other.get(held[2]).content.decode()
    kept = KeptForm.objects.get()
    assert other.post(reverse("kept_form_drop", args=[kept.pk])).status_code == 404
    other.post(kept.action, {"reason": "mine", "kept-form": kept.pk})
    assert KeptForm.objects.exists()


def test_its_writer_may_forget_it(held):
    coder, _, page, answer = held
    back_again(coder, answer)
    kept = KeptForm.objects.get()
    assert coder.post(reverse("kept_form_drop", args=[kept.pk]))["Location"] == page
    assert not KeptForm.objects.exists()


def test_home_leads_to_it(held):
    coder, _, page, answer = held
    back_again(coder, answer)
    assert f'href="{page}"' in coder.get("/").content.decode()


def test_after_a_day_it_is_gone(held):
    KeptForm.objects.update(at=timezone.now() - timedelta(hours=25))
    assert WORDS not in back_again(held[0], held[3]).content.decode()
    sweep(timezone.now())
    assert not KeptForm.objects.exists()


def test_what_another_site_sends_is_not_kept(coder):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(coder.user)
    browser.get("/")
    leave_alone(browser)
    browser.post(reverse("course_new"), {"reason": WORDS})
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize(
    "sender", ["http://evil.example/courses/", f"{ORIGIN}/nowhere/", f"{ORIGIN}/batches/draw/", "²"]
)
def test_a_sender_that_is_no_page_of_ours_leads_home(coder, sender):
    coder.get("/")
    leave_alone(coder)
    answer = coder.post(reverse("batch_draw"), {"facility": "1"}, HTTP_REFERER=sender)
    assert answer["Location"] == f"{reverse('login')}?next=/"


def test_a_stranger_is_led_to_a_page_too(client):
    answer = client.post(reverse("batch_draw"), {"facility": "1"})
    assert answer["Location"] == f"{reverse('login')}?next=/"


def test_which_addresses_are_pages():
    assert answers_get(reverse("course_new"))
    assert answers_get("/admin/accounts/user/")
    assert not answers_get(reverse("batch_draw"))
    assert not answers_get(reverse("logout"))
    assert not answers_get("/nowhere/")

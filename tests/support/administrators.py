"""Two administrators and what one proposes to the other."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from accounts.models import ProposedChange, User

ADMIN = "admin:accounts_user_change"


def person_form(person: User | None = None, **changes: object) -> dict[str, object]:
    """The person's form in the admin, with no role added."""
    given = {
        "username": person.username if person else "newcoder",
        "first_name": person.first_name if person else "New",
        "last_name": person.last_name if person else "Coder",
        "email": person.email if person else "newcoder@example.org",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }
    if person and person.is_active:
        given["is_active"] = "on"
    return {**given, **changes}


def with_role(role: str, facility, **more: object) -> dict[str, object]:
    return {
        "memberships-TOTAL_FORMS": "1",
        "memberships-0-role": role,
        "memberships-0-facility": facility.pk,
        **more,
    }


def press(client: Client, verb: str, change: ProposedChange, **typed: str):
    page = reverse(f"proposed_change_{verb}", args=[change.pk])
    return client.post(page, typed, follow=True)


def add_newcomer(administrator, facility) -> User:
    form = person_form(**with_role("coder", facility))
    answer = administrator.post(reverse("admin:accounts_user_add"), form)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return User.objects.get(username="newcoder")


def sets_password(link: str, password: str) -> bool:
    """Whether a stranger with the link sets a password by it."""
    client = Client()
    answer = client.get(link, follow=True)
    if not answer.redirect_chain:
        assert "used before" in answer.content.decode()
        return False
    form = {"new_password1": password, "new_password2": password}
    return client.post(answer.redirect_chain[-1][0], form).status_code == 302

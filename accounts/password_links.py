"""One-time links by which people set their own password: no administrator ever knows it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import PasswordResetConfirmView
from django.urls import reverse, reverse_lazy
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import User
from accounts.notices import send_notice


def make_password_link(person: User) -> str:
    """The page's address; it ends with its use, with a sign-in and after PASSWORD_RESET_TIMEOUT."""
    number = urlsafe_base64_encode(force_bytes(person.pk))
    token = default_token_generator.make_token(person)
    return reverse("password_set", kwargs={"uidb64": number, "token": token})


def mail_password_link(person: User) -> bool:
    """Send the link to the person; False where there is no address, mail server or public URL."""
    if not (person.email and settings.EMAIL_HOST and settings.PUBLIC_URL):
        return False
    link = settings.PUBLIC_URL.rstrip("/") + make_password_link(person)
    hours = settings.PASSWORD_RESET_TIMEOUT // 3600
    text = (
        f"With this link you set a new password for the login {person.username}. It works once, "
        f"within {hours} hours:\n{link}\n"
        "If you did not expect this, tell your administrators: your old password still works."
    )
    return send_notice(person.email, "set your password", text)


class SetPassword(PasswordResetConfirmView):
    """The page behind a one-time link."""

    success_url = reverse_lazy("login")
    template_name = "accounts/password_set.html"

"""Signing in, and the choice of a light or dark page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import LoginView, PasswordChangeView, redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.views.decorators.http import require_POST

from accounts.kept_forms import answers_get, note_kept_forms, to_sign_in
from accounts.sign_in_throttle import Visitor, begin_try, forget_failures, remember_device
from accounts.web.middleware import start_clocks
from accounts.web.return_page import asked_page

THEMES = ("light", "dark", "auto")


class SignInForm(AuthenticationForm):
    """Name and password, with a pause after too many wrong tries."""

    def clean(self) -> dict[str, object]:
        visitor = Visitor(self.request, self.cleaned_data.get("username", ""))
        refuse_many_tries(visitor)
        cleaned = super().clean()
        forget_failures(visitor)
        return cleaned


def refuse_many_tries(visitor: Visitor) -> None:
    """Count a try. Raises ValidationError while the visitor has to wait."""
    seconds = begin_try(visitor)
    if seconds:
        minutes = -(-seconds // 60)
        wait = "a minute" if minutes == 1 else f"{minutes} minutes"
        raise ValidationError(f"Too many wrong tries. Wait {wait} and try again.")


class OwnPasswordForm(PasswordChangeForm):
    """A new password for oneself; the old one is guessed no quicker here than at the sign-in."""

    request: HttpRequest | None = None

    def clean_old_password(self) -> str:
        visitor = Visitor(self.request, f"old password of {self.user.username}")
        refuse_many_tries(visitor)
        old: str = super().clean_old_password()
        forget_failures(visitor)
        return old


class OwnPassword(PasswordChangeView):
    """Changing one's own password."""

    form_class = OwnPasswordForm

    def get_form(self, form_class: Any = None) -> Any:
        form: Any = super().get_form(form_class)
        form.request = self.request
        return form


class SignIn(LoginView):
    """The door. Failures are answered alike for known and unknown names."""

    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_redirect_url(self) -> str:
        """Where to go afterwards: a page of ours that can be opened, never the place of a form."""
        target = super().get_redirect_url()
        return target if answers_get(urlsplit(target).path) else ""

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        start_clocks(self.request)
        note_kept_forms(self.request)
        remember_device(response, self.request, form.get_user())
        return response


class SignInFirst(LoginRequiredMiddleware):
    """Whoever is not signed in goes to the door, and from there back to the page they stood on."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:
        return to_sign_in(request, resolve_url(self.get_login_url(view_func)))


@login_not_required
def to_the_door(request: HttpRequest) -> HttpResponse:
    """A stranger to the books signs in; who has signed in and keeps no books is refused."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next", "/"), resolve_url("login"))


@require_POST
def change_theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or the system's choice in a cookie and go back to the page."""
    response = HttpResponseRedirect(asked_page(request, request.POST.get("next")) or "/")
    theme = request.POST.get("theme", "auto")
    if theme in THEMES:
        response.set_cookie("theme", theme, max_age=31_536_000, samesite="Lax", httponly=False)
    return response

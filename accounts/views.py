"""Signing in, and the choice of a light or dark page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.throttle import forget_failures, note_failure, seconds_to_wait

THEMES = ("light", "dark", "auto")


class SignInForm(AuthenticationForm):
    """Name and password, with a pause after too many wrong tries."""

    def clean(self) -> dict[str, object]:
        name = self.cleaned_data.get("username", "")
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        if seconds_to_wait(name, address):
            raise ValidationError("Too many wrong tries. Wait a few minutes and try again.")
        try:
            cleaned = super().clean()
        except ValidationError:
            note_failure(name, address)
            raise
        forget_failures(name)
        return cleaned


class SignIn(LoginView):
    """The door. Failures are answered alike for known and unknown names."""

    authentication_form = SignInForm
    redirect_authenticated_user = True


@login_not_required
def to_the_door(request: HttpRequest) -> HttpResponse:
    """A stranger to the books signs in; who has signed in and keeps no books is refused."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next", "/"), resolve_url("login"))


@require_POST
def change_theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or the system's choice in a cookie and go back to the page."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    theme = request.POST.get("theme", "auto")
    if theme in THEMES:
        response.set_cookie("theme", theme, max_age=31_536_000, samesite="Lax", httponly=False)
    return response

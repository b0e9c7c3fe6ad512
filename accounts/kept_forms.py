"""A form sent after the automatic sign-out: not done, and kept for its writer until they are back.

It stays a day, only its writer sees it, and it is deleted when it is sent again or dropped.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import get_object_or_404
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.models import KeptForm
from accounts.readers import read_row_number
from accounts.web.middleware import Handler
from accounts.web.request_text import is_unreadable

SENT_AGAIN = "kept-form"  # the field that names the kept form when it is sent again
IN_SESSION = "has_kept_forms"
LONGEST = 200_000  # characters of all fields together
# Forms with a draft of their own, or with nothing that would be missed.
NEVER_KEPT = frozenset(
    {
        *("login", "logout", "password_change", "theme", "known_at", "search", "kept_form_drop"),
        *("day_sheet", "day_sheet_draft", "registration_look"),
    }
)
UNSHOWN = ("key", "next", "ticket", "_FORMS", SENT_AGAIN)


def found_view(path: str) -> ResolverMatch | None:
    """The view behind a path; None where there is none."""
    try:
        return resolve(path)
    except Resolver404:
        return None


def answers_get(path: str) -> bool:
    """Whether the path is a page that can be opened, not only the place a form is sent to."""
    found = found_view(path)
    return found is not None and "GET" in allowed_methods(found.func)


def allowed_methods(view: Callable[..., Any]) -> list[str]:
    """The methods a view answers, as its decorator or its class declares them."""
    view_class = getattr(view, "view_class", None)
    if view_class is not None:
        return [name.upper() for name in view_class.http_method_names if hasattr(view_class, name)]
    while view is not None:
        nonlocals = inspect.getclosurevars(view).nonlocals if inspect.isfunction(view) else {}
        if "request_method_list" in nonlocals:
            return list(nonlocals["request_method_list"])
        view = getattr(view, "__wrapped__", None)  # type: ignore[assignment]
    return ["GET", "POST"]


def page_to_return_to(request: HttpRequest) -> str:
    """The page a person stands on: what they opened, or the page the form they sent stands on."""
    if request.method == "POST":
        sender = urlsplit(request.META.get("HTTP_REFERER", ""))
        address = f"{sender.path}?{sender.query}" if sender.query else sender.path
        is_ours = sender.netloc == request.get_host() and not is_unreadable(address)
        if is_ours and answers_get(sender.path):
            return address
    return request.get_full_path() if answers_get(request.path_info) else "/"


def to_sign_in(request: HttpRequest, login_url: str) -> HttpResponse:
    """To the sign-in page, and from there back to a page."""
    return redirect_to_login(page_to_return_to(request), login_url)


def keep_sent_form(request: HttpRequest) -> bool:
    """Keep what was sent after the automatic sign-out; whether there was something to keep.

    The session cookie says who sent it and the form's token that they sent it from our page.
    """
    found = found_view(request.path_info)
    if request.method != "POST" or found is None or found.view_name in NEVER_KEPT:
        return False
    if CsrfViewMiddleware(no_response).process_view(request, found.func, (), {}) is not None:
        return False
    fields = fields_of(request)
    size = sum(len(value) for _, values in fields for value in values)
    if not fields or size > LONGEST:
        return False
    page, action = page_to_return_to(request), request.get_full_path()
    if max(len(page), len(action)) > 500:
        return False
    KeptForm.objects.create(
        owner=request.user,
        page=page,
        action=action,
        fields=fields,
        had_files=bool(request.FILES),
    )
    return True


def no_response(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def fields_of(request: HttpRequest) -> list[tuple[str, list[str]]]:
    """What was sent, without tokens and passwords."""
    return [
        (name, values)
        for name, values in request.POST.lists()
        if name not in ("csrfmiddlewaretoken", SENT_AGAIN) and "password" not in name.lower()
    ]


def note_kept_forms(request: HttpRequest) -> None:
    """At sign-in: whether forms wait, so that pages need not ask each time."""
    waiting = KeptForm.objects.filter(owner=request.user).kept(timezone.now())
    if waiting.exists():
        request.session[IN_SESSION] = True


def kept_forms(request: HttpRequest) -> dict[str, Any]:
    """For every page: the forms that its person sent from it too late, and those of other pages."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not request.session.get(IN_SESSION):
        return {}
    if getattr(request, "known_at", None):
        return {}
    waiting = list(KeptForm.objects.filter(owner=user).kept(timezone.now()))
    here = [form for form in waiting if urlsplit(form.page).path == request.path]
    others = [form for form in waiting if form not in here] if request.path == "/" else []
    return {"kept_forms": [(form, shown_fields(form)) for form in here], "kept_elsewhere": others}


def shown_fields(form: KeptForm) -> list[tuple[str, str]]:
    """What was typed, with the names of the fields in words."""
    return [
        (name.replace("_", " ").replace("-", " "), ", ".join(filter(None, values)))
        for name, values in form.fields
        if any(values) and not name.endswith(UNSHOWN)
    ]


def forget_sent_forms(get_response: Handler) -> Handler:
    """A kept form that is sent again is used: its page answers for it now."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        number = request.POST.get(SENT_AGAIN, "") if request.method == "POST" else ""
        if number and request.user.is_authenticated and response.status_code < 400:
            drop_kept_form(request, number)
        return response

    return handle


def drop_kept_form(request: HttpRequest, number: str) -> None:
    KeptForm.objects.filter(pk=read_row_number(number), owner=request.user).delete()


@require_POST
def kept_form_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget what was typed; it is not wanted any more."""
    form = get_object_or_404(KeptForm, pk=pk, owner=request.user)
    page = form.page
    form.delete()
    return HttpResponseRedirect(page)

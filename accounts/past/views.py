"""Choosing the moment to look back to, and returning to now."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from accounts.past.middleware import KEY, history_begins, open_work_since
from accounts.permissions import permit
from accounts.roles import Permission
from accounts.web.return_page import asked_page

SETTLED_AFTER = timedelta(seconds=10)
STEPS = ("-7", "-1", "1", "7")


class MomentForm(forms.Form):
    """A past moment, by the clock of the person's facility."""

    moment = forms.DateTimeField(
        label="As known on",
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": "form-control"}, format="%Y-%m-%dT%H:%M"
        ),
    )

    def clean_moment(self) -> datetime:
        moment: datetime = self.cleaned_data["moment"]
        begins = history_begins()
        if begins is None:
            raise ValidationError("Nothing is recorded yet.")
        if moment < begins:
            shown = timezone.localtime(begins)
            raise ValidationError(
                f"The recorded history begins on {shown:%a %-d %b %Y at %H:%M:%S}. "
                "Choose a later moment."
            )
        if moment > timezone.now() - SETTLED_AFTER:
            raise ValidationError("Choose a moment in the past, at least ten seconds ago.")
        still_open = open_work_since()
        if still_open and moment >= still_open:
            raise ValidationError(
                "Something begun before that moment is still being written. Try again shortly."
            )
        return moment


@permit(Permission.READ_CASES)
def choose_moment(request: HttpRequest) -> HttpResponse:
    """Look back to a moment, step from one to another, or return to now."""
    if request.method == "POST" and "leave" in request.POST:
        request.session.pop(KEY, None)
        return HttpResponseRedirect(target(request))
    sent = stepped(request) if "step" in request.POST else request.POST
    form = MomentForm(sent or None)
    if request.method == "POST" and form.is_valid():
        request.session[KEY] = form.cleaned_data["moment"].isoformat()
        return HttpResponseRedirect(target(request))
    context = {"form": form, "next": target(request), "begins": history_begins()}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/known_at.html", context, status=status)


def stepped(request: HttpRequest) -> dict[str, str]:
    """The moment so many days before or after the one looked back to."""
    kept, asked = request.session.get(KEY), request.POST["step"]
    days = int(asked) if asked in STEPS else 0
    start = datetime.fromisoformat(kept) if kept else timezone.now()
    moment = timezone.localtime(start + timedelta(days=days))
    return {"moment": moment.strftime("%Y-%m-%dT%H:%M:%S")}


def target(request: HttpRequest) -> str:
    """The page somebody came from, on this site; else Home."""
    return asked_page(request, request.POST.get("next") or request.GET.get("next")) or "/"

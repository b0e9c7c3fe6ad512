"""Which mails a person wants."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from authorizations.models import MailChoice


class MailChoiceForm(forms.ModelForm):
    """Two mails, each wanted or not."""

    class Meta:
        model = MailChoice
        fields = ("wants_daily", "wants_weekly")
        widgets: ClassVar = {
            name: forms.CheckboxInput(attrs={"class": "form-check-input"}) for name in fields
        }


def mail_choice(request: HttpRequest) -> HttpResponse:
    """Choose which mails to get; for everybody, about themselves."""
    kept = MailChoice.objects.filter(user=request.user).first() or MailChoice(user=request.user)
    form = MailChoiceForm(instance=kept)
    if request.method == "POST":
        form = MailChoiceForm(request.POST, instance=kept)
        form.save()
        messages.success(request, "Kept.")
        return redirect("mail_choice")
    return render(request, "authorizations/notifications/mail_choice.html", {"form": form})

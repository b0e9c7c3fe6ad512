"""What an address asks for, read strictly: what is not known here is refused in a sentence.

An unknown value never counts as none: a list would show more than was asked for, and so would its
file and what is done with all rows in view.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.past import clock
from accounts.readers import Unreadable, read_date, shown_text

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


class NotKnownHere(Exception):
    """An address asks for something that does not exist here; each sentence says what."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


def unknown(label: str, text: str) -> str:
    """The sentence about a value that means nothing here."""
    return f"{label} “{shown_text(text)}” is not known here."


def asked_date(text: str | None, usual: date | None = None, label: str = "Date") -> date:
    """The day of an address, today (or the usual one) where none is named. Raises NotKnownHere."""
    if not text:
        return usual or clock.today()
    try:
        day = read_date(text)
    except Unreadable as error:
        raise NotKnownHere(str(error)) from error
    if not FIRST_DAY <= day <= LAST_DAY:
        raise NotKnownHere(unknown(label, text))
    return day


def asked_choice(text: str | None, choices: Iterable[str], label: str) -> str:
    """One of the known keys, or nothing where none is named. Raises NotKnownHere."""
    if text and text not in choices:
        raise NotKnownHere(unknown(label, text))
    return text or ""


def sentences_of(form: forms.BaseForm) -> list[str]:
    """What is wrong with the filters of an address, a sentence for each."""
    found = []
    for name, errors in form.errors.items():
        field = form.fields.get(name)
        label = str((field and field.label) or name.replace("_", " ").capitalize())
        is_choice = isinstance(field, forms.ChoiceField | forms.ModelChoiceField)
        words = unknown(label, str(form.data.get(form.add_prefix(name), "")))
        found += [words] if is_choice else [f"{label}: {error}" for error in errors]
    return found


class AnswersInWords:
    """Middleware: whatever asks for something unknown is answered by a page that says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, NotKnownHere):
            return None
        context = {"sentences": error.sentences, "page_url": request.path}
        return render(request, "not_known_here.html", context, status=400)

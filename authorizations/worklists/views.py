"""Tasks and saved views: who is on what, and the lists people come back to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.models import Facility, User
from accounts.permissions import permit, require
from accounts.roles import Permission
from accounts.scoping import facilities_of, people_with
from accounts.web.return_page import asked_page
from authorizations.exceptions import Refused
from authorizations.models import SAVED_PAGES, SavedView, Task
from authorizations.worklists.actions import assign_task, put_back, take

P = Permission


def get_task_or_404(request: HttpRequest, pk: int) -> Task:
    """The task within the person's facilities, for those who log authorizations there."""
    rows = Task.objects.for_user(request.user, P.READ_CASES).select_related("course__facility")
    task = get_object_or_404(rows, pk=pk)
    require(request, P.LOG_AUTHORIZATIONS, facility=task.course.facility)
    return task


def redirect_back(request: HttpRequest, task: Task) -> HttpResponse:
    """To the page it was sent from, else to the course."""
    target = asked_page(request, request.POST.get("next"))
    if target:
        return HttpResponseRedirect(target)
    return redirect("course_detail", pk=task.course_id)


@require_POST
@permit(P.LOG_AUTHORIZATIONS)
def task_take(request: HttpRequest, pk: int) -> HttpResponse:
    """I am on it, or no longer."""
    task = get_task_or_404(request, pk)
    if task.worked_by_id == request.user.pk:
        put_back(task=task)
    else:
        take(task=task, by=request.user)
    return redirect_back(request, task)


@require_POST
@permit(P.LOG_AUTHORIZATIONS)
def task_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it to somebody of the front office, or to nobody in particular."""
    task = get_task_or_404(request, pk)
    chosen = request.POST.get("assigned_to", "")
    people = {str(person.pk): person for person in colleagues(task.course.facility)}
    person = people.get(chosen)
    if chosen and person is None:
        messages.error(request, f"Not assigned: choose somebody of {task.course.facility}.")
        return redirect_back(request, task)
    try:
        assign_task(task=task, to=person, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Assigned to {person}." if person else "Assigned to nobody.")
    return redirect_back(request, task)


def colleagues(facility: Facility) -> QuerySet[User]:
    """People who log authorizations in that facility."""
    return people_with(P.LOG_AUTHORIZATIONS, [facility])


class SaveView(forms.ModelForm):
    """A list with its filters, under a name of its owner's; shared in one facility or not."""

    class Meta:
        model = SavedView
        fields = ("name", "page", "query", "facility")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["facility"].queryset = facilities_of(self.instance.owner, P.SAVE_VIEWS)

    def clean(self) -> dict[str, Any]:
        """A list is shared only where its owner reads it."""
        values = super().clean()
        place, page = values.get("facility"), values.get("page")
        if place and page in SAVED_PAGES:
            readers = facilities_of(self.instance.owner, *SAVED_PAGES[page])
            if not readers.filter(pk=place.pk).exists():
                self.add_error("facility", f"You do not read this list at {place}.")
        return values

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if SavedView.objects.filter(owner=self.instance.owner, name=name).exists():
            raise forms.ValidationError("You already have a view of this name.")
        return name


@require_POST
@permit(P.SAVE_VIEWS)
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep the list as it is filtered now."""
    form = SaveView(request.POST, instance=SavedView(owner=request.user))
    page = request.POST.get("page", "")
    if form.is_valid():
        saved = form.save()
        messages.success(request, f"Saved as “{saved.name}”: it stands on Home.")
        return redirect(f"{reverse(saved.page)}?{saved.query}")
    sentences = [str(error) for errors in form.errors.values() for error in errors]
    messages.error(request, "Not saved: " + " ".join(sentences))
    return redirect(page if page in SAVED_PAGES else "home")


@require_POST
@permit(P.SAVE_VIEWS)
def view_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a view of one's own."""
    get_object_or_404(SavedView, pk=pk, owner=request.user).delete()
    return redirect("home")

"""Recording the payer's answer, in the order of the payer's own letter."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils import timezone

from authorizations.exchange.row_reader import NOT_FOUND_HERE
from authorizations.models import (
    LINE_IN_FORCE,
    AuthorizedService,
    Evidence,
    LineDecision,
    PriorAuthorization,
)
from authorizations.prior_authorizations.document_forms import check_size
from authorizations.prior_authorizations.forms import bare_helper
from authorizations.prior_authorizations.replacements import codes_only_in
from authorizations.web.day_fields import DayField

# What no answer of the payer rests on.
NO_ANSWER = (Evidence.NONE, Evidence.LAW)


class Decision(forms.Form):
    """The head of the payer's letter."""

    number = forms.CharField(
        label="Authorization number",
        max_length=30,
        required=False,
        help_text="Top of the approval letter. A denial may have none.",
    )
    number_to_follow = forms.BooleanField(
        label="The number follows: approved by telephone",
        required=False,
        help_text="It waits in a worklist until the number is entered, and feeds no claim.",
    )
    decided_on = DayField(help_text="The date of the letter.")
    evidence = forms.ChoiceField(
        choices=[
            ("", "Choose"),
            *(choice for choice in Evidence.choices if choice[0] not in NO_ANSWER),
        ],
        help_text="By telephone, or without the document, it feeds no claim until that is here.",
    )
    document = forms.FileField(
        label="Letter or portal page",
        required=False,
        help_text="PDF, PNG, JPEG or TIFF, at most 10 MB. It may be attached later.",
    )
    reason = forms.CharField(
        label="Reason",
        max_length=200,
        required=False,
        help_text="For a denial or a question: the payer's own words.",
    )
    keeps_both = forms.BooleanField(required=False)

    def __init__(self, *args: Any, authorization: PriorAuthorization, **options: Any) -> None:
        super().__init__(*args, **options)
        self.authorization = authorization
        self.helper = bare_helper()
        followed = authorization.supersedes
        if followed is None or not authorization.replaces_what_it_follows:
            del self.fields["keeps_both"]
            return
        keeps = self.fields["keeps_both"]
        keeps.label = f"The payer left {followed} in force as well: keep both"
        keeps.initial = bool(only_there := codes_only_in(followed, authorization))
        keeps.help_text = (
            f"Otherwise {followed} is replaced from the first day of this approval on. "
        ) + (f"Only {followed} has {', '.join(only_there)}." if only_there else "")

    def clean_number(self) -> str:
        number = self.cleaned_data["number"].strip()
        rows = PriorAuthorization.objects.filter(plan=self.authorization.plan_id, number=number)
        # An extension, and a revision too, may come under the number of what it follows.
        chain = Q(course=self.authorization.course_id)
        if self.authorization.supersedes_id is None:
            chain &= Q(supersedes__isnull=False)
        others = rows.exclude(pk=self.authorization.pk).exclude(chain)
        facility = self.authorization.course.facility_id
        if number and others.filter(course__facility=facility).exists():
            raise ValidationError("Another request of this plan has this number: check the letter.")
        if number and others.exists():
            raise ValidationError(NOT_FOUND_HERE)
        return number

    def clean_document(self) -> UploadedFile | None:
        upload = self.cleaned_data["document"]
        if upload is not None:
            check_size(upload)
        return upload

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("document") and values.get("evidence") == Evidence.PHONE:
            self.add_error("evidence", "A document is attached: it is a letter or a portal page.")
        if values.get("number_to_follow"):
            if values.get("number"):
                self.add_error("number", "Here is a number: then it does not follow.")
            if values.get("evidence") != Evidence.PHONE:
                self.add_error("evidence", "Until the number is here it is by telephone only.")
        return values

    def clean_decided_on(self) -> Any:
        day = self.cleaned_data["decided_on"]
        if day > timezone.localdate():
            raise ValidationError("A letter is not dated in the future.")
        received = self.authorization.received_on
        if received and day < received.astimezone(self.authorization.facility.tz).date():
            raise ValidationError("The letter is dated before the payer had the request.")
        return day


class CorrectedDecision(Decision):
    """The head of a letter that was typed in wrongly, and what went wrong."""

    why = forms.CharField(
        label="What was typed wrongly",
        max_length=400,
        help_text="It stays in the history beside what was typed before.",
    )


class LineDecisionForm(forms.Form):
    """The payer's answer for one line."""

    decision = forms.ChoiceField(
        choices=[choice for choice in LineDecision.choices if choice[0] != LineDecision.REQUESTED]
    )
    units_approved = forms.IntegerField(
        min_value=1,
        max_value=400,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "brief"}),
    )
    valid_from = DayField(required=False)
    valid_through = DayField(required=False)
    reason = forms.CharField(max_length=200, required=False)

    def __init__(
        self,
        *args: Any,
        line: AuthorizedService,
        held: list[tuple[int, date]] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, prefix=f"line-{line.pk}", **options)
        self.line, self.held = line, held or []

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        start, end = values.get("valid_from"), values.get("valid_through")
        if start and end and end < start:
            self.add_error("valid_through", "The last day is before the first.")
        if values.get("decision") in LINE_IN_FORCE:
            for name in ("units_approved", "valid_from", "valid_through"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, "An approved line has units and both dates of the letter.")
        if not self.errors:
            is_granted = values.get("decision") in LINE_IN_FORCE
            units = values["units_approved"] if is_granted else 0
            refusal = self.line.why_released_units_forbid(self.held, units, start, end)
            if refusal:
                self.add_error("units_approved" if is_granted else "decision", refusal)
        return values

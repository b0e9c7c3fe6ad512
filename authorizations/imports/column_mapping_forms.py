"""Matching a facility's headings with our columns, once."""

from __future__ import annotations

from collections.abc import Mapping as Given
from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from accounts.models import Facility
from authorizations.exchange.column_mapping import NEEDED, NEEDED_TOO, Mapping, words, wrong_mapping
from authorizations.exchange.treatments_csv import COLUMNS, OPTIONAL
from authorizations.models import ColumnMapping

WRITING = ("date_format", "decimal_mark", "delimiter", "shift_unit", "yes_words", "no_words")
LABELS = {
    "record_id": "Record number",
    "mrn": "MRN",
    "shift_lr_mm": "Shift left–right",
    "shift_si_mm": "Shift superior–inferior",
    "shift_ap_mm": "Shift anterior–posterior",
    "pitch_deg": "Pitch (degrees)",
    "roll_deg": "Roll (degrees)",
    "yaw_deg": "Yaw (degrees)",
    "reviewed_by_npi": "Reviewed by (NPI)",
    "reviewed_by": "Reviewed by (name)",
}
HELP = {
    "facility": "None: every row is of the facility chosen above",
    "action": "“delete” takes a record back",
    "changed_at": "which of two states of a record is the later",
    "session_of_day": "1 unless a column says otherwise",
}


class MappingForm(forms.ModelForm):
    """For each of our columns the heading in the file, and how the file writes things."""

    facility = forms.ModelChoiceField(Facility.objects.none(), label="Facility")

    class Meta:
        model = ColumnMapping
        fields = ("facility", *WRITING)

    def __init__(
        self,
        *args: Any,
        heading: Sequence[str],
        facilities: Any,
        guesses: Given[str, str] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.fields["facility"].queryset = facilities
        choices = [("", "None"), *((cell, cell) for cell in dict.fromkeys(heading) if cell)]
        for column in (*COLUMNS, *OPTIONAL):
            self.fields[column_field(column)] = forms.ChoiceField(
                label=LABELS.get(column) or column.replace("_", " ").capitalize(),
                choices=choices,
                required=column in (*NEEDED, *NEEDED_TOO),
                initial=(guesses or {}).get(column, ""),
                help_text=HELP.get(column, ""),
            )
        self.helper = FormHelper()
        self.helper.form_tag = False

    @property
    def column_rows(self) -> list[Any]:
        """The field of each of our columns."""
        return [self[column_field(column)] for column in (*COLUMNS, *OPTIONAL)]

    @property
    def writing_rows(self) -> list[Any]:
        return [self[name] for name in ("facility", *WRITING)]

    @property
    def columns(self) -> dict[str, str]:
        """For each matched column of ours, the heading in the file."""
        chosen = {c: self.cleaned_data.get(column_field(c), "") for c in (*COLUMNS, *OPTIONAL)}
        return {column: heading for column, heading in chosen.items() if heading}

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors:
            given = self.cleaned_data
            mapping = Mapping(
                given["facility"].code,
                self.columns,
                given["date_format"],
                given["decimal_mark"],
                given["delimiter"],
                given["shift_unit"],
                words(given["yes_words"]),
                words(given["no_words"]),
            )
            for sentence in wrong_mapping(mapping):
                self.add_error(None, sentence)
        return self.cleaned_data

    def validate_unique(self) -> None:
        """A facility has one mapping; saving again replaces it."""


def column_field(column: str) -> str:
    return f"column_{column}"


class ConflictForm(forms.Form):
    """Which of the two is right, and why."""

    decision = forms.ChoiceField(choices=(("keep", "Keep ours"), ("take", "Take over")))
    reason = forms.CharField(max_length=200, error_messages={"required": "Say why."})

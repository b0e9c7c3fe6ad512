"""Choosing the day's treatment files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from authorizations.models import ColumnMapping
from authorizations.prior_authorizations.document_forms import check_size

MOST_FILES = 40


class ManyFiles(forms.ClearableFileInput):
    """Several files in one field."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of uploads, each checked."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data]
        if len(given) > MOST_FILES:
            raise forms.ValidationError(f"At most {MOST_FILES} files at a time.")
        uploads = [super(FilesField, self).clean(item, initial) for item in given]
        for upload in uploads:
            check_size(upload)
        return uploads


class SheetFile(forms.Form):
    """The front desk's spreadsheet."""

    file = forms.FileField(label="Spreadsheet", help_text="CSV or xlsx, at most 10 MB.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        check_size(upload)
        return upload


class TreatmentFiles(forms.Form):
    """The exports of one or more days."""

    files = FilesField(
        label="Treatment exports",
        help_text="CSV or HL7 v2 (DFT^P03) of the record-and-verify system, at most 10 MB each.",
    )
    facility = forms.ChoiceField(
        label="Column mapping",
        required=False,
        help_text="Only where the files have a facility's own headings that two mappings fit.",
    )

    def __init__(self, *args: Any, mapped: Sequence[ColumnMapping] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        codes = [(row.facility.code, row.facility.code) for row in mapped]
        self.fields["facility"].choices = [("", "The one that fits"), *codes]
        if len(codes) < 2:
            del self.fields["facility"]
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.cleaned_data.setdefault("facility", "")
        return self.cleaned_data

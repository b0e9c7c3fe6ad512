"""Attaching a letter or proof."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from authorizations.models.documents import DocumentKind


def check_size(upload: UploadedFile) -> None:
    """Refuse an empty or oversized file. Raises ValidationError."""
    largest = settings.LARGEST_UPLOAD_BYTES
    if not upload.size:
        raise ValidationError("This file is empty.")
    if upload.size > largest:
        raise ValidationError(
            f"This file has {upload.size / 1_048_576:.0f} MB; at most {largest // 1_048_576} MB."
        )


class NumberForm(forms.Form):
    """The authorization number that was to follow."""

    number = forms.CharField(label="Authorization number", max_length=30)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.helper = FormHelper()
        self.helper.form_tag = False


class DocumentForm(forms.Form):
    """A file and what it is."""

    kind = forms.ChoiceField(label="What it is", choices=DocumentKind.choices)
    file = forms.FileField(help_text="PDF, PNG, JPEG or TIFF, at most 10 MB.")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.helper = FormHelper()
        self.helper.form_tag = False

    def clean_file(self) -> UploadedFile:
        upload = self.cleaned_data["file"]
        check_size(upload)
        return upload

"""Registering a course: a known MRN fills the patient in; patients like this are asked about."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import HTML
from django import forms

from authorizations.courses.forms import NewCourse
from authorizations.courses.known_patients import patient_of_mrn, patients_alike
from authorizations.models import Patient

ALIKE = "{% include 'authorizations/courses/_registered_already.html' %}"


class Registration(NewCourse):
    """The same form, with a question where somebody like this patient is registered already."""

    is_another_person = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.alike: list[Patient] = []
        self.helper.layout[0].append(HTML(ALIKE))

    def clean(self) -> dict[str, Any]:
        """Ask once whether it is one of those; with the answer the registration goes through."""
        values = super().clean()
        if patient_of_mrn(values.get("mrn", ""), self.user) is None:
            self.alike = patients_alike(values, self.user)
        if self.alike and not values.get("is_another_person") and not self.errors:
            self.add_error(
                None,
                "Somebody like this is registered already. Use that patient, or say below that "
                "this is another person, and register.",
            )
        return values

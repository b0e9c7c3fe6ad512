"""The facts of an address, read strictly: what each may be, and what stands where none is given."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from accounts.models import Facility
from accounts.readers import Unreadable, read_date, shown_text
from accounts.web.query_values import FIRST_DAY, LAST_DAY
from coding.rules.facts import OtherLine
from coding.rules.modalities import MODALITIES
from payers.models import Plan

YES_NO = (("yes", "Yes"), ("no", "No"))
YES_NO_UNKNOWN = (*YES_NO, ("unknown", "Not known"))
REVIEWED = (
    ("", "not said"),
    ("before", "before the next treatment"),
    ("at_machine", "at the machine, before the beam"),
    ("early", "before the image was taken"),
    ("after", "after the next treatment began"),
    ("reported", "by a file only, not confirmed"),
    ("no", "not yet"),
)
REVIEWERS = (
    ("radiation_oncologist", "radiation oncologist"),
    ("resident", "resident"),
    ("physicist", "physicist"),
    ("therapist", "therapist"),
    ("unknown", "not in our book"),
)
IMAGE = (
    ("before", "before the beam"),
    ("after", "after the beam began"),
    ("early", "more than four hours before"),
    ("none", "no time recorded"),
)
ORDERED = (
    ("before", "before the first image"),
    ("after", "after the first image"),
    ("no", "no order on file"),
    ("unknown", "not said"),
)
TECHNIQUES = ("", "IMRT", "3D", "2D", "SBRT", "SRS", "proton", "superficial", "electron")
AUTHORIZED = (
    ("", "not said"),
    ("unit", "approved, a unit is held"),
    ("no_unit", "approved, no unit left"),
    ("asserted", "approved, no document attached"),
    ("phone", "approved by telephone only"),
    ("pended", "asked, not decided"),
    ("denied", "denied"),
    ("none", "none"),
)
ASKED = (("", "by the plan’s policy"), *YES_NO_UNKNOWN)
SAME = (("unknown", "not known"), ("same", "the same"), ("other", "another"))
CLAIMS = (("837P", "837P professional"), ("837I", "837I hospital"))
MOST_HOURS = 999
CODE = re.compile(r"[0-9A-Z][0-9]{3}[0-9A-Z]", re.ASCII)
LINE = re.compile(r"([0-9A-Z][0-9]{3}[0-9A-Z])((?:-[0-9A-Z]{2}){0,4})(?:X([1-9][0-9]?))?", re.ASCII)
DIAGNOSIS = re.compile(r"[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?", re.ASCII)


def is_code(text: str) -> bool:
    """Whether the text has the form of a CPT or HCPCS code."""
    return CODE.fullmatch(text) is not None


class CodeField(forms.CharField):
    """A CPT or HCPCS code; capitals or not."""

    def clean(self, value: Any) -> str:
        text = str(super().clean(value)).strip().upper()
        if text and not is_code(text):
            raise forms.ValidationError("Five characters, such as 77387 or G6002.")
        return text


class WordsField(forms.CharField):
    """Several short words with blanks or commas between; each must have the form of its kind."""

    def __init__(self, form: re.Pattern[str], example: str, most: int, **options: Any) -> None:
        super().__init__(max_length=120, required=False, **options)
        self.form, self.example, self.most = form, example, most

    def clean(self, value: Any) -> tuple[str, ...]:
        words = tuple(str(super().clean(value)).upper().replace(",", " ").split())
        wrong = next((word for word in words if not self.form.fullmatch(word)), None)
        if wrong is not None:
            raise forms.ValidationError(f"“{shown_text(wrong)}” is none; such as {self.example}.")
        if len(words) > self.most:
            raise forms.ValidationError(f"At most {self.most}.")
        return words


class DayField(forms.CharField):
    """A day as 2026-11-20; a field of its own, because an address may hold several."""

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).strip()
        if not text:
            return None
        try:
            day = read_date(text)
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from error
        if not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError("A day between 2000 and 2099.")
        return day


def choice(choices: Any, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=choices, required=False, **options)


def number(smallest: int, largest: int, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(min_value=smallest, max_value=largest, required=False, **options)


class ScenarioForm(forms.Form):
    """All facts of one charge that an address can hold. None of them names a patient."""

    code = CodeField(initial="77387", max_length=9)
    modifiers = WordsField(re.compile(r"[0-9A-Z]{2}", re.ASCII), "26 76", 4)
    day = DayField(max_length=20)
    delivery = CodeField(label="Beside", max_length=9, required=False)
    place = forms.RegexField(
        r"^\s*[0-9]{2}\b",
        max_length=60,
        label="Place",
        initial="22",
        error_messages={"invalid": "Two digits, such as 11 or 22."},
    )
    plan = forms.CharField(max_length=140, required=False)
    reviewed = choice(REVIEWED, label="Images approved")
    units = number(1, 99, initial=1)

    modality = forms.CharField(max_length=120, required=False, initial="cbct", label="Imaging")
    image = choice(IMAGE, initial="before", label="Image taken")
    shifts = choice(YES_NO, initial="yes", label="Shifts recorded")
    delivered = choice(YES_NO, initial="yes", label="Treatment given")
    technique = choice([(name, name or "not said") for name in TECHNIQUES])
    motion = choice(YES_NO_UNKNOWN, initial="unknown", label="Motion management on file")
    ordered = choice(ORDERED, initial="before", label="Guidance ordered")
    reviewer = choice(REVIEWERS, initial="radiation_oncologist", label="Approved by")
    resident = choice(YES_NO, initial="no", label="Resident looked first")
    statement = choice(YES_NO_UNKNOWN, initial="unknown", label="Attending’s statement")
    last = choice(YES_NO, initial="no", label="Last fraction")
    after_hours = number(0, MOST_HOURS, label="Approved so many hours after")
    order = number(1, 99, label="Out of order with fraction")
    diagnoses = WordsField(DIAGNOSIS, "C61 Z51.0", 12, initial="C61", label="Diagnoses")
    claim = choice(CLAIMS, initial="837P", label="Claim type")
    lines = WordsField(LINE, "77427 99213-25 77336x2", 20, label="Other lines of the day")
    earlier = number(0, 9, initial=0, label="Units earlier that day")
    hours = number(0, MOST_HOURS, label="Hours since that session")
    physician = choice(SAME, initial="unknown", label="Physician of that session")
    ordered_per_day = number(1, 4, initial=1, label="Fractions a day ordered")
    charged = choice(YES_NO, initial="no", label="Code charged earlier in the course")
    asked = choice(ASKED, label="Authorization required")
    authorization = choice(AUTHORIZED, label="Authorization")
    authorized = CodeField(max_length=9, required=False, label="Approved code")
    component = forms.RegexField(
        r"^(26|TC)$",
        max_length=2,
        required=False,
        label="Approved component",
        error_messages={"invalid": "26, TC or nothing."},
    )
    approved = number(0, 999, initial=28, label="Units approved")
    valid_from = DayField(max_length=20, required=False)
    valid_through = DayField(max_length=20, required=False)
    elsewhere = choice(YES_NO, initial="no", label="Approved for another facility")
    filed = DayField(max_length=20, required=False, label="Filed on")
    facility = forms.CharField(max_length=20, required=False)

    def clean_place(self) -> str:
        return str(self.cleaned_data["place"]).strip()[:2]

    def clean_modality(self) -> tuple[str, ...]:
        """The ways of imaging by their keys; the field offers them."""
        names = tuple(self.cleaned_data["modality"].lower().replace(",", " ").split())
        wrong = next((name for name in names if name not in MODALITIES), None)
        if wrong is not None:
            known = ", ".join(MODALITIES)
            raise forms.ValidationError(f"“{shown_text(wrong)}” is none of: {known}.")
        return tuple(dict.fromkeys(names))

    def clean_plan(self) -> Plan | None:
        """A plan by its code, or by the code and name that the field offers."""
        text = self.cleaned_data["plan"].strip()
        if not text:
            return None
        found = Plan.objects.select_related("payer").filter(code__iexact=text.split(" – ")[0])
        plan = found.first()
        if plan is None:
            raise forms.ValidationError(
                f"No plan has the code “{shown_text(text)}”. The field offers those in the book."
            )
        return plan

    def clean_facility(self) -> Facility | None:
        text = self.cleaned_data["facility"].strip()
        if not text:
            return None
        found = Facility.objects.filter(code__iexact=text).first()
        if found is None:
            raise forms.ValidationError(f"No facility has the code “{shown_text(text)}”.")
        return found

    def clean_lines(self) -> tuple[OtherLine, ...]:
        """Other services of the day: code, modifiers, units."""
        found = (LINE.fullmatch(word) for word in self.cleaned_data["lines"])
        return tuple(
            OtherLine(m[1], tuple(m[2].split("-")[1:]), int(m[3] or 1)) for m in found if m
        )

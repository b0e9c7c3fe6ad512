"""The form for a payer's yearly report on its own decisions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone

from payers.models import LineOfBusiness
from payers.published import FIRST_YEAR, PERCENTS, TIMES, Metric

LEAVE = "Leave empty what the report does not say."
PAIRS = (
    (Metric.STANDARD_APPROVED, Metric.STANDARD_DENIED),
    (Metric.EXPEDITED_APPROVED, Metric.EXPEDITED_DENIED),
)


class PublishedReport(forms.Form):
    """All figures of one report: whose, of which year, where it stands."""

    line_of_business = forms.ChoiceField(
        choices=LineOfBusiness.choices, initial=LineOfBusiness.MEDICARE_ADVANTAGE
    )
    year = forms.IntegerField(
        min_value=FIRST_YEAR, help_text="The calendar year the figures are about."
    )
    contract = forms.CharField(
        required=False,
        max_length=20,
        validators=[RegexValidator(r"^[0-9A-Za-z -]+$", "Letters, digits and hyphens only.")],
        help_text="Contract or state, where the payer reports each one.",
    )
    source_url = forms.URLField(
        label="Address of the report", max_length=400, assume_scheme="https"
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for metric in Metric:
            self.fields[metric.value] = forms.DecimalField(
                label=metric.label,
                required=False,
                min_value=0,
                max_value=100 if metric in PERCENTS else 9999,
                max_digits=6,
                decimal_places=2,
            )
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(
            "line_of_business",
            Row(Column("year"), Column("contract")),
            "source_url",
            Fieldset("Answers", *in_pairs(PERCENTS)),
            Fieldset("Time to the decision", *in_pairs(TIMES)),
        )

    @property
    def values(self) -> dict[str, Decimal]:
        """The figures given, by metric."""
        found = {metric.value: self.cleaned_data.get(metric.value) for metric in Metric}
        return {name: value for name, value in found.items() if value is not None}

    def clean_year(self) -> int:
        year = self.cleaned_data["year"]
        if year > timezone.localdate().year:
            raise ValidationError("That year has not begun yet.")
        return year

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not self.values:
            raise ValidationError(f"Give at least one figure. {LEAVE}")
        for pair in PAIRS:
            both = [cleaned.get(metric.value) for metric in pair]
            if None not in both and sum(both) > 100:
                self.add_error(
                    pair[1].value, "Approved and denied together are more than 100 %: check both."
                )
        return cleaned


def in_pairs(metrics: tuple[Metric, ...]) -> list[Row]:
    names = [metric.value for metric in metrics]
    return [Row(*(Column(name) for name in names[n : n + 2])) for n in range(0, len(names), 2)]

"""The text of a letter to a payer, with places for the facts of a case."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from accounts.database.constraints import never_overlapping, one_of
from accounts.database.triggers import tracked
from coding.effective import Effective, Sourced, dated, sourced
from payers.models.payers import Payer

PLACES = (
    *("patient", "birth_date", "member_id", "plan", "reference", "diagnosis", "site"),
    *("technique", "fractions", "first_treatment", "lines", "lost", "payer_reason", "decided_on"),
    *("criteria", "criteria_source", "physician", "physician_npi", "facility"),
)
PLACE = re.compile(r"\{([^{}]*)\}")


class LetterKind(models.TextChoices):
    """What a letter is for."""

    NECESSITY = "necessity", "Letter of medical necessity"
    APPEAL = "appeal", "Letter of appeal"


@tracked
class LetterTemplate(Effective, Sourced):
    """A letter's text: for every payer, or for one payer, site or technique."""

    kind = models.CharField(max_length=12, choices=LetterKind)
    payer = models.ForeignKey(
        Payer, on_delete=models.PROTECT, null=True, blank=True, related_name="letter_templates"
    )
    body_site = models.CharField(max_length=60, blank=True, help_text="Empty: every site.")
    technique = models.CharField(
        max_length=16, blank=True, help_text="As courses name it: imrt. Empty: every technique."
    )
    words = models.TextField(
        max_length=6000,
        help_text="Places in braces are filled with facts: {" + "}, {".join(PLACES) + "}",
    )

    class Meta:
        ordering = ("kind", "payer", "body_site", "technique", "effective_from")
        constraints = (
            *sourced("letter_template"),
            dated("letter_template"),
            one_of("letter_template_kind_known", "kind", LetterKind),
            models.CheckConstraint(
                condition=~Q(words=""),
                name="letter_template_has_words",
                violation_error_message="A letter has words.",
            ),
            never_overlapping(
                "letter_template_once",
                "kind",
                Coalesce(F("payer_id"), Value(0)),
                "body_site",
                "technique",
                message="A text for the same letters is in force on some of these dates: end it.",
            ),
        )

    def __str__(self) -> str:
        about = (str(self.payer or ""), self.body_site, self.technique)
        narrow = ", ".join(word for word in about if word)
        return f"{self.get_kind_display()}{f' for {narrow}' if narrow else ''} ({self.span})"

    def clean(self) -> None:
        """Each place is one that the facts of a case can fill."""
        super().clean()
        unknown = sorted(set(PLACE.findall(self.words)) - set(PLACES))
        if unknown:
            known = f"Known: {', '.join(PLACES)}."
            raise ValidationError({"words": f"Not known as a place: {', '.join(unknown)}. {known}"})

    def is_about(self, payer: int, body_site: str, technique: str) -> bool:
        """Whether the text is for letters to this payer about such a course."""
        return (
            self.payer_id in (None, payer)
            and self.body_site.casefold() in ("", body_site.casefold())
            and self.technique in ("", technique)
        )

    @property
    def narrowness(self) -> tuple[bool, bool, bool]:
        """The payer's own text comes first, then the site's, then the technique's."""
        return (self.payer_id is not None, bool(self.body_site), bool(self.technique))


def best_template(
    rows: Iterable[LetterTemplate], payer: int, body_site: str, technique: str
) -> LetterTemplate | None:
    """The narrowest text for such a letter; None where there is none."""
    fitting = [row for row in rows if row.is_about(payer, body_site, technique)]
    return max(fitting, key=lambda row: row.narrowness, default=None)

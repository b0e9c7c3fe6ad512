"""What the page of a code says beside the published tables: dated statements with their sources."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.database.constraints import never_overlapping, one_of
from accounts.database.triggers import tracked
from coding.effective import Effective, Sourced, dated, sourced


class CodeFactSection(models.TextChoices):
    """The part of the page a statement belongs to."""

    ANSWER = "answer", "Answer"
    RELATED = "related", "Related codes"
    WORKFLOW = "workflow", "Workflow and codes"
    DIAGNOSES = "diagnoses", "Diagnoses"
    WHO = "who", "Who may bill"
    DOCUMENTATION = "documentation", "Documentation"
    UNITS = "units", "Units and frequency"
    SITES = "sites", "Typical sites of service"
    BENCHMARKS = "benchmarks", "Benchmarks"
    UNAVAILABLE = "unavailable", "Not available"


@tracked
class CodeFact(Effective, Sourced):
    """One statement about a code for a span of dates of service, in our own words."""

    Section = CodeFactSection

    code = models.CharField(max_length=5, help_text="The code whose page shows it.")
    section = models.CharField(max_length=16, choices=CodeFactSection)
    position = models.PositiveSmallIntegerField(help_text="Its place in the section.")
    label = models.CharField(max_length=120)
    statement = models.TextField()
    codes = ArrayField(
        models.CharField(max_length=10),
        default=list,
        blank=True,
        help_text="Procedure codes, diagnoses or taxonomies that it is about.",
    )

    class Meta:
        ordering = ("code", "section", "position", "label")
        constraints = (
            *sourced("code_fact"),
            dated("code_fact"),
            one_of("code_fact_section_known", "section", CodeFactSection),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[0-9A-Z][0-9]{3}[0-9A-Z]$"),
                name="code_fact_code_format",
                violation_error_message="Five characters, such as 77387 or G6002.",
            ),
            models.CheckConstraint(
                condition=~Q(label="") & ~Q(statement=""), name="code_fact_says_something"
            ),
            never_overlapping("code_fact_never_overlaps", "code", "section", "label"),
        )

    def __str__(self) -> str:
        return f"{self.code}, {self.get_section_display()}: {self.label} ({self.span})"

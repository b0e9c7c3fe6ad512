"""What the record-and-verify system last said about each of its records, and how it is read."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.database.constraints import one_of, paired
from accounts.database.triggers import tracked
from accounts.models import Facility, User
from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations.models.courses import Course
from authorizations.models.machine_channels import MachineChannel
from authorizations.models.sessions import GuidanceSession


class RecordStatus(models.TextChoices):
    """How a record stands here."""

    STANDS = "stands", "Stands"
    WAITS = "waits", "Its place is taken"
    TAKEN_BACK = "taken_back", "Taken back"
    CONFLICT = "conflict", "A person decides"
    REFUSED = "refused", "Refused by the course's facility"


# The kind of a record that names a course of another facility: that facility's people decide.
COURSE_ELSEWHERE = "course_elsewhere"


class TreatmentRecordQuerySet(models.QuerySet):
    """Records as the floor asks for them."""

    def for_user(self, user: User, permission: Permission, *others: Permission) -> Self:
        """Records of one's facilities; a line on another's course belongs to that course."""
        mine = facilities_of(user, permission, *others)
        is_elsewhere = Q(kind=COURSE_ELSEWHERE)
        return self.filter(
            (~is_elsewhere & Q(facility__in=mine)) | (is_elsewhere & Q(course__facility__in=mine))
        )

    def conflicts(self) -> Self:
        """What the system says and nobody may change silently."""
        return self.filter(standing=RecordStatus.CONFLICT)


@tracked
class TreatmentRecord(models.Model):
    """The latest word of the record-and-verify system about one of its records.

    ``said_at`` decides which of two words is the later, whatever the order in which they arrive.
    """

    Standing = RecordStatus

    record = models.CharField(max_length=40, unique=True)
    said_at = models.DateTimeField(help_text="When the system said so; else when it was read.")
    digest = models.CharField(max_length=64, blank=True, help_text="Of what was said.")
    standing = models.CharField(max_length=10, choices=RecordStatus)
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    course = models.ForeignKey(
        Course, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    session = models.ForeignKey(
        GuidanceSession, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    review_said_at = models.DateTimeField(
        null=True, blank=True, help_text="Set where the approval of its images came with it."
    )
    channel = models.ForeignKey(
        MachineChannel,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The machine channel that brought this word; none for a person's file.",
    )
    is_typed = models.BooleanField(
        default=False, help_text="A person had typed the session before the record came."
    )
    wanted = models.JSONField(null=True, blank=True, help_text="What was said and does not stand.")
    kind = models.CharField(max_length=30, blank=True)
    sentence = models.CharField(max_length=300, blank=True)
    sent_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose import brought a line on a course of another facility.",
    )
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolution = models.CharField(max_length=200, blank=True)

    objects = TreatmentRecordQuerySet.as_manager()

    class Meta:
        ordering = ("record",)
        constraints = (
            one_of("treatment_record_standing_known", "standing", RecordStatus),
            paired("treatment_record_resolved_pair", "resolved_at", "resolved_by"),
            models.CheckConstraint(
                condition=~Q(standing="conflict") | ~Q(sentence=""),
                name="treatment_record_conflict_says_why",
            ),
        )
        indexes = (
            models.Index(fields=("course",), condition=Q(standing="waits"), name="record_waiting"),
            models.Index(
                fields=("facility",), condition=Q(standing="conflict"), name="record_conflict"
            ),
        )

    def __str__(self) -> str:
        return f"record {self.record}: {self.get_standing_display()}"


class DateFormat(models.TextChoices):
    """How a facility's files write a date."""

    ISO = "iso", "2026-11-03 (year-month-day)"
    MONTH_FIRST = "mdy", "11/03/2026 (month/day/year)"
    DAY_FIRST = "dmy", "03/11/2026 (day/month/year)"
    DOTTED = "dotted", "03.11.2026 (day.month.year)"
    COMPACT = "compact", "20261103"


class ShiftUnit(models.TextChoices):
    """In what a facility's files give couch shifts."""

    MM = "mm", "millimetres"
    CM = "cm", "centimetres"


class DecimalMark(models.TextChoices):
    """What stands before the decimals."""

    POINT = "point", "3.7 (point)"
    COMMA = "comma", "3,7 (comma)"


class Delimiter(models.TextChoices):
    """What stands between two cells."""

    COMMA = "comma", "comma ,"
    SEMICOLON = "semicolon", "semicolon ;"
    TAB = "tab", "tab"
    PIPE = "pipe", "bar |"


@tracked
class ColumnMapping(models.Model):
    """How the treatment files of a facility are to be read: its headings, dates, numbers, words."""

    facility = models.OneToOneField(
        Facility, on_delete=models.PROTECT, related_name="column_mapping"
    )
    columns = models.JSONField(help_text="For each of our columns, the heading in the file.")
    date_format = models.CharField(max_length=8, choices=DateFormat, default=DateFormat.ISO)
    decimal_mark = models.CharField(max_length=8, choices=DecimalMark, default=DecimalMark.POINT)
    delimiter = models.CharField(max_length=10, choices=Delimiter, default=Delimiter.COMMA)
    shift_unit = models.CharField(max_length=2, choices=ShiftUnit, default=ShiftUnit.MM)
    yes_words = models.CharField(
        "words for delivered",
        max_length=100,
        default="yes",
        help_text="Separated by commas, as the files write them.",
    )
    no_words = models.CharField(
        "words for not delivered",
        max_length=100,
        default="no",
        help_text="Separated by commas.",
    )
    saved_at = models.DateTimeField(auto_now=True)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("facility",)
        constraints = (
            one_of("column_mapping_date_format_known", "date_format", DateFormat),
            one_of("column_mapping_decimal_mark_known", "decimal_mark", DecimalMark),
            one_of("column_mapping_delimiter_known", "delimiter", Delimiter),
            one_of("column_mapping_shift_unit_known", "shift_unit", ShiftUnit),
        )

    def __str__(self) -> str:
        return f"files of {self.facility.code}"


class WaitingJudgement(models.Model):
    """A course whose charges are to be captured and judged after a large import."""

    course = models.OneToOneField(Course, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_for = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"course {self.course_id} waits to be judged"

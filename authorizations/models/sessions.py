"""What happened on the machine: guidance sessions and the physician's review of their images."""

from __future__ import annotations

from datetime import date, tzinfo
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.database.constraints import one_of, paired
from accounts.database.triggers import tracked
from accounts.models import Facility, Provider, User
from accounts.roles import Permission
from accounts.scoping import facilities_of
from authorizations.models.authorized_services import AuthorizedService
from authorizations.models.courses import Course
from authorizations.models.machine_channels import MachineChannel
from authorizations.models.toned_choices import TonedChoices
from authorizations.models.triggers.awaited_reviews import (
    changed_answers,
    changed_sessions_await,
    new_answers,
    new_sessions_await,
)
from authorizations.models.triggers.cancelled_courses import never_in_cancelled_course
from authorizations.models.triggers.figure_counts import counts_by_new_sessions, counts_by_session

LARGEST_SHIFT_MM = 50
LARGEST_ROTATION_DEGREES = 10


class GuidanceSessionQuerySet(models.QuerySet):
    """Sessions as the floor asks for them."""

    def for_user(self, user: User, permission: Permission, *others: Permission) -> Self:
        return self.filter(facility__in=facilities_of(user, permission, *others))

    def live(self) -> Self:
        """Sessions that stand: not voided by a correction."""
        return self.filter(voided_at__isnull=True)

    def delivered(self) -> Self:
        return self.live().filter(is_delivered=True)

    def on_day(self, on: date) -> Self:
        return self.live().filter(date_of_service=on)


def millimetres(label: str) -> models.DecimalField:
    return models.DecimalField(label, max_digits=4, decimal_places=1, null=True, blank=True)


@tracked
class GuidanceSession(models.Model):
    """Imaging to localize the target for one treatment. Shifts in mm, rotations in degrees."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="sessions")
    machine = models.CharField(max_length=16)
    date_of_service = models.DateField()
    fraction = models.PositiveSmallIntegerField()
    session_of_day = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    is_delivered = models.BooleanField("treatment delivered", default=True)
    delivery_code = models.CharField(max_length=5)
    modalities = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    image_at = models.DateTimeField(null=True, blank=True)
    shift_lr_mm = millimetres("left–right (mm)")
    shift_si_mm = millimetres("superior–inferior (mm)")
    shift_ap_mm = millimetres("anterior–posterior (mm)")
    pitch_deg = millimetres("pitch (°)")
    roll_deg = millimetres("roll (°)")
    yaw_deg = millimetres("yaw (°)")
    therapist = models.ForeignKey(
        Provider, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    source_record = models.CharField(
        max_length=40, blank=True, help_text="Number of the record in the record-and-verify system."
    )
    authorized_service = models.ForeignKey(
        AuthorizedService,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions",
        help_text="The guidance line whose unit this session holds.",
    )
    delivery_service = models.ForeignKey(
        AuthorizedService,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deliveries",
        help_text="The delivery line whose unit this treatment holds.",
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    void_reason = models.CharField(max_length=200, blank=True)

    objects = GuidanceSessionQuerySet.as_manager()

    class Meta:
        ordering = ("date_of_service", "started_at", "id")
        triggers = (
            counts_by_session(),
            counts_by_new_sessions(),
            new_sessions_await(),
            changed_sessions_await(),
            never_in_cancelled_course(),
        )
        constraints = (
            paired("session_voided_pair", "voided_at", "voided_by"),
            models.UniqueConstraint(
                fields=("course", "fraction", "session_of_day"),
                condition=Q(voided_at__isnull=True, is_delivered=True),
                name="session_once_per_fraction",
                violation_error_message="This fraction of the course is already recorded.",
            ),
            models.UniqueConstraint(
                fields=("course", "fraction", "session_of_day", "date_of_service"),
                condition=Q(voided_at__isnull=True),
                name="session_once_per_day",
                violation_error_message="This fraction is already recorded on that day.",
            ),
            models.UniqueConstraint(
                fields=("source_record",),
                condition=~Q(source_record=""),
                name="session_source_record_once",
            ),
            models.CheckConstraint(
                condition=Q(fraction__gte=1, session_of_day__gte=1, session_of_day__lte=3),
                name="session_numbers_plausible",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="session_times_in_order",
                violation_error_message="The treatment ends before it starts.",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"shift_{axis}_mm__isnull": True})
                    | Q(**{f"shift_{axis}_mm__range": (-LARGEST_SHIFT_MM, LARGEST_SHIFT_MM)}),
                    name=f"session_shift_{axis}_plausible",
                    violation_error_message=f"A shift is at most {LARGEST_SHIFT_MM} mm.",
                )
                for axis in ("lr", "si", "ap")
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{turn}_deg__isnull": True})
                    | Q(
                        **{
                            f"{turn}_deg__range": (
                                -LARGEST_ROTATION_DEGREES,
                                LARGEST_ROTATION_DEGREES,
                            )
                        }
                    ),
                    name=f"session_{turn}_plausible",
                    violation_error_message=f"A rotation is at most {LARGEST_ROTATION_DEGREES}°.",
                )
                for turn in ("pitch", "roll", "yaw")
            ),
        )
        indexes = (
            models.Index(fields=("facility", "date_of_service"), name="session_by_day"),
            models.Index(fields=("course", "started_at"), name="session_by_course"),
            models.Index(
                fields=("course",),
                condition=Q(voided_at__isnull=True),
                name="session_live_by_course",
            ),
        )

    def __str__(self) -> str:
        return f"fraction {self.fraction} on {self.date_of_service:%Y-%m-%d}"

    @property
    def has_shifts(self) -> bool:
        """Whether all three shifts are recorded."""
        return None not in (self.shift_lr_mm, self.shift_si_mm, self.shift_ap_mm)


class ReviewDecision(TonedChoices):
    """The physician's answer to the images. A resident's look answers nothing yet, nor does what
    a person's file reports.
    """

    APPROVED = "approved", "good", "Approved"
    REJECTED = "rejected", "bad", "Rejected"
    PRELIMINARY = "preliminary", "info", "Looked at by a resident"
    REPORTED = "reported", "warn", "Reported as approved"


class ReviewSource(models.TextChoices):
    """How an answer came here."""

    PRODUCT = "product", "Given here"
    CHANNEL = "channel", "Brought by a machine channel"
    FILE = "file", "Reported in a person's file"


# What the words about a review look at.
CARRIER = ("reviewed_by", "recorded_by", "channel", "confirms__recorded_by")
ANSWERS = (ReviewDecision.APPROVED, ReviewDecision.REJECTED)


@tracked
class ImageReview(models.Model):
    """The radiation oncologist's approval of images and shifts, before the next treatment."""

    session = models.ForeignKey(GuidanceSession, on_delete=models.PROTECT, related_name="reviews")
    decision = models.CharField(
        max_length=12, choices=ReviewDecision, default=ReviewDecision.APPROVED
    )
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="reviews")
    note = models.CharField(max_length=400, blank=True)
    has_attending_statement = models.BooleanField(default=False)
    source = models.CharField(
        max_length=8,
        choices=ReviewSource,
        default=ReviewSource.PRODUCT,
        db_default=ReviewSource.PRODUCT,
    )
    channel = models.ForeignKey(
        MachineChannel, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirms = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The report whose time the physician confirmed as that of the approval.",
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("session", "recorded_at", "id")
        triggers = (new_answers("review"), changed_answers("review"))
        constraints = (
            one_of("image_review_decision_known", "decision", ReviewDecision),
            models.UniqueConstraint(
                fields=("session",),
                condition=Q(decision="approved"),
                name="image_review_approved_once",
                violation_error_message="These images are already approved.",
            ),
            models.UniqueConstraint(
                fields=("session",),
                condition=Q(decision="reported"),
                name="image_review_reported_once",
            ),
            one_of("image_review_source_known", "source", ReviewSource),
            models.CheckConstraint(
                condition=Q(decision="reported", source="file")
                | ~Q(decision="reported") & ~Q(source="file"),
                name="image_review_file_only_reports",
                violation_error_message="A person's file reports; the physician approves.",
            ),
            models.CheckConstraint(
                condition=Q(source="channel", channel__isnull=False)
                | ~Q(source="channel") & Q(channel__isnull=True),
                name="image_review_channel_named",
            ),
            models.CheckConstraint(
                condition=Q(confirms__isnull=True) | Q(decision="approved", source="product"),
                name="image_review_confirmed_here",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_decision_display()} {self.reviewed_at:%Y-%m-%d %H:%M}"

    def carrier(self, zone: tzinfo) -> str:
        """Who brought it and how; nothing where the physician gave it here then and there."""
        if self.source == ReviewSource.CHANNEL:
            return f"brought by the machine channel “{self.channel}”"
        if self.source == ReviewSource.FILE:
            return f"reported in a file of {self.recorded_by}"
        if self.confirms is None:
            return ""
        confirmed = self.recorded_at.astimezone(zone)
        return (
            f"reported in a file of {self.confirms.recorded_by}, "
            f"confirmed by the physician {confirmed:%a %-d %b %Y, %H:%M}"
        )

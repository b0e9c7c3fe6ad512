"""What the machine does by the clock: each run of a job, and who wants its mail."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.database.triggers import tracked
from accounts.models import User


class JobRun(models.Model):
    """One run of a job that was due at a moment. It is done once, however often it is asked for."""

    name = models.CharField(max_length=24)
    due_at = models.DateTimeField()
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    told = ArrayField(
        models.BigIntegerField(), default=list, blank=True, help_text="Who has had its mail."
    )
    outcome = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-due_at", "name")
        constraints = (
            models.UniqueConstraint(fields=("name", "due_at"), name="job_run_once"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=F("started_at")),
                name="job_run_times_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} due {self.due_at:%Y-%m-%d %H:%M}"


@tracked
class MailChoice(models.Model):
    """Which mails a person wants. Without a row they get all that their roles give them."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="mail_choice")
    wants_daily = models.BooleanField("my work, every weekday morning", default=True)
    wants_weekly = models.BooleanField("the week in figures, every Monday", default=True)

    def __str__(self) -> str:
        return f"mail of {self.user}"

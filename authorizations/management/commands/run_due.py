"""What is due by the clock, for cron: every few minutes is right, twice at once does no harm."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from authorizations.notifications.scheduled_jobs import run_due


class Command(BaseCommand):
    """Opens and closes tasks that the clock changes, and sends the mails of the morning."""

    help = "Do what is due: tasks at every run, mails every weekday and on Mondays."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            runs = run_due()
        except ImproperlyConfigured as missing:
            raise CommandError(str(missing)) from missing
        for run in runs:
            self.stdout.write(f"{run}: {run.outcome}")
        if any(run.finished_at is None for run in runs):
            raise CommandError("Not everything was done; the next run tries the rest again.")

"""Open and close the tasks of all worklists."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from authorizations.worklists.sync_tasks import sync_tasks


class Command(BaseCommand):
    """What entered a worklist past the actions gets a task, what left it loses it."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        opened, closed = sync_tasks()
        self.stdout.write(f"{opened} tasks opened, {closed} closed.")

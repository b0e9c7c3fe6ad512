"""Do the jobs that pages leave to a process of their own, until told to stop."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django_tasks_db.management.commands import db_worker

from authorizations.background_jobs import ask_again_for_unfinished


class Command(db_worker.Command):
    """Several may run; each job is done by one of them. What a killed one left goes on first."""

    help = "Do the jobs that pages leave behind: judging, judging again, many releases."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(reload=False, startup_delay=False)

    def handle(self, *args: Any, **options: Any) -> None:
        ask_again_for_unfinished()
        super().handle(*args, **options)

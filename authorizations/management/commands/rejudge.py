"""Go on with runs that judge charges again, or begin one over everything."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts.models import system_user
from authorizations.models import RejudgeRun
from authorizations.verdicts.facts import RuleBooks
from authorizations.verdicts.rejudge import enqueue, judge_next, touched_by, unfinished


class Command(BaseCommand):
    """Each course is kept before the next begins: broken off, the next call goes on from there."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", metavar="WHY", help="Judge every charge that stands again.")

    def handle(self, *args: object, **options: Any) -> None:
        if options["all"]:
            enqueue(cause=options["all"], courses=touched_by(), by=system_user())
        runs = list(unfinished())
        for run in runs:
            self.work_off(run)
        if not runs:
            self.stdout.write("Nothing waits to be judged again.")

    def work_off(self, run: RejudgeRun) -> None:
        books, is_more = RuleBooks(), True
        while is_more:
            is_more = judge_next(run.pk, books)
        run.refresh_from_db()
        self.stdout.write(
            f"{run.cause}: {run.done} of {run.total} courses, {run.changed} charges changed, "
            f"{run.flagged} released ones marked."
        )

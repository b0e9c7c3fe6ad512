"""Every kind of job that a worker does; those that a killed process left are asked for again."""

from __future__ import annotations

from typing import Any

from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from authorizations.charges.release_runs import go_on_with_release
from authorizations.imports.judge_touched import go_on_judging
from authorizations.models import ReleaseRun, WaitingJudgement
from authorizations.verdicts.rejudge import go_on_with_run
from authorizations.verdicts.rejudge import unfinished as unfinished_runs


def ask_again_for_unfinished() -> int:
    """Ask again for all unfinished work that no job waits for; how many jobs.

    Work that another worker is at is left alone by the job itself.
    """
    ready = DBTaskResult.objects.ready().values_list("task_path", "args_kwargs__args")
    waiting = {(path, tuple(given)) for path, given in ready}
    runs = unfinished_runs().values_list("pk", flat=True)
    releases = ReleaseRun.objects.unfinished().values_list("pk", flat=True)
    wanted: list[tuple[Task[Any, None], tuple[int, ...]]]
    wanted = [(go_on_with_run, (number,)) for number in runs]
    wanted += [(go_on_with_release, (number,)) for number in releases]
    wanted += [(go_on_judging, ())] if WaitingJudgement.objects.exists() else []
    missing = [(job, given) for job, given in wanted if (job.module_path, given) not in waiting]
    for job, given in missing:
        job.enqueue(*given)
    return len(missing)

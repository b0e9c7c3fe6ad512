"""Every kind of job that a worker does; those that a killed process left are asked for again."""

from __future__ import annotations

from authorizations.verdicts.rejudge import go_on_with_run
from authorizations.verdicts.rejudge import unfinished as unfinished_runs


def take_over() -> int:
    """Ask for every unfinished run again; how many. One that is under way is left alone."""
    runs = list(unfinished_runs().values_list("pk", flat=True))
    for number in runs:
        go_on_with_run.enqueue(number)
    return len(runs)

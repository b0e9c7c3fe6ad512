"""How long a verdict takes: review() beside an empty loop over the same facts, as a ratio."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from coding.rules import all_rules, review
from coding.rules.examples import EXAMPLES
from coding.rules.serialize import facts_from_json, facts_to_json, verdict_to_json

ROUNDS = 20


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def median(work: Callable[[], object]) -> float:
    return statistics.median(seconds(work) for _ in range(ROUNDS))


def main() -> None:
    facts = [example.facts for example in EXAMPLES]
    written = [facts_to_json(each) for each in facts]
    judged = median(lambda: [review(each) for each in facts])
    stored = median(lambda: [verdict_to_json(review(facts_from_json(each))) for each in written])
    count = len(facts)
    print(f"{count} situations, {len(all_rules())} rules, median of {ROUNDS} rounds")
    print(f"review:            {judged / count * 1e6:7.1f} µs a charge")
    ratio = stored / judged
    print(f"replay (JSON too): {stored / count * 1e6:7.1f} µs a charge, {ratio:.1f} × review")


if __name__ == "__main__":
    main()

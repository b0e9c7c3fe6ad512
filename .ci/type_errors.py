"""Check the types of everything: no file may have more errors than `.ci/type-errors.txt` lists.

A file that is not listed has none. `--write` lowers the list; nothing raises it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

ALLOWED = Path(__file__).with_name("type-errors.txt")
PACKAGES = ("accounts", "authorizations", "coding", "config", "payers", "seeds")
ERROR = re.compile(r"^([\w/.]+\.py):\d+: error: ")


def read_allowed() -> Counter[str]:
    lines = ALLOWED.read_text().splitlines() if ALLOWED.exists() else []
    return Counter({path: int(count) for count, path in map(str.split, lines)})


def count_errors() -> tuple[Counter[str], str]:
    command = [sys.executable, "-m", "mypy", "--strict", *PACKAGES]
    printed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    if "checked" not in printed and "no issues" not in printed:
        sys.exit(f"mypy did not finish:\n{printed[-2000:]}")
    found = (ERROR.match(line) for line in printed.splitlines())
    return Counter(match[1] for match in found if match), printed


def main() -> None:
    allowed, (found, printed) = read_allowed(), count_errors()
    worse = sorted(path for path in found if found[path] > allowed[path])
    if worse and ALLOWED.exists():
        told = [line for line in printed.splitlines() if line.startswith(tuple(worse))]
        rows = [f"{path}: {found[path]} type errors, {allowed[path]} before" for path in worse]
        sys.exit("\n".join((*told, *rows)))
    if "--write" in sys.argv:
        rows = [f"{count:4} {path}\n" for path, count in sorted(found.items())]
        ALLOWED.write_text("".join(rows))
    elif found != allowed:
        sys.exit("Fewer type errors than listed: run .venv/bin/python .ci/type_errors.py --write")
    print(f"{sum(found.values())} type errors left in {len(found)} files; none is new")


if __name__ == "__main__":
    main()

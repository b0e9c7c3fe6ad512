#!/usr/bin/env python3
"""The one door for people at a terminal: `python3 manage.py demo`, `python3 manage.py test`, …"""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 – this file is started by whatever Python is there
    sys.exit("Guidance Ledger needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".")


def main() -> None:
    """Make the environment if need be, then run the tests or a Django command."""
    from config import bootstrap

    bootstrap.ensure()
    if sys.argv[1:2] == ["test"]:
        whole = [] if sys.argv[2:] else ["-n", "auto"]  # one test file alone starts faster alone
        bootstrap.become([sys.executable, "-m", "pytest", *whole, *sys.argv[2:]])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if "DATABASE_URL" not in os.environ:
        os.environ.setdefault("DEBUG", "1")
    from config.commands import run

    run(sys.argv)


if __name__ == "__main__":
    main()

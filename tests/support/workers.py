"""A worker in tests: its setting, and a process of its own that is killed in the middle."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
WORKER = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def killed_in_the_middle(script: str, *arguments: object) -> None:
    """Run the script on the test's database until it says “middle”, then kill it."""
    where = connection.settings_dict
    port, host = where["PORT"] or 5432, where["HOST"]
    url = f"postgresql://{where['USER']}@localhost:{port}/{where['NAME']}?host={host}"
    environ = {**os.environ, "DATABASE_URL": url, "DEBUG": "1", "SECRET_KEY": "x" * 60}
    environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT)}
    environ["DOCUMENT_ROOT"] = str(settings.DOCUMENT_ROOT)
    command = [sys.executable, "-c", script, *map(str, arguments)]
    child = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, cwd=ROOT, text=True)
    try:
        assert child.stdout.readline() == "middle\n"
    finally:
        child.kill()
        child.wait()
        child.stdout.close()

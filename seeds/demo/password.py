"""The password of the demo's logins: random, of this checkout, printed at each start."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.contrib.auth.hashers import make_password

from accounts.models import User
from config.environment import DEVELOPMENT_KEY
from seeds.demo.people import LOGINS


def password_file() -> Path:
    """Where it is kept, readable by its owner alone: in the folder of the demo's database."""
    folder = os.environ.get("GL_POSTGRES_DIR") or DEVELOPMENT_KEY.parent
    return Path(folder) / "demo-password"


def read_demo_password() -> tuple[str, bool]:
    """The password, and whether it was made just now."""
    path = password_file()
    if path.exists():
        return path.read_text().strip(), False
    path.parent.mkdir(parents=True, exist_ok=True)
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(password + "\n")
    return password, True


def set_demo_passwords(password: str) -> None:
    """Give the demo's logins a new password, where the file of the old one is gone."""
    people = User.objects.filter(username__in=[login[0] for login in LOGINS])
    people.update(password=make_password(password))

"""From an empty database to the first person who signs in, without the demo."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import uuid
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import ProposedChange, Role, User
from tests import factories as make

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "a phrase for the first day"
WHO = {"username": "boss", "first_name": "Bo", "last_name": "Ss", "email": "boss@example.org"}
SERVER = {"ALLOWED_HOSTS": "ledger.example.org", "PUBLIC_URL": "https://ledger.example.org"}
LOOKS = """
from django.test import Client
browser = Client(HTTP_HOST="localhost")
form = {"username": "boss", "password": "%s"}
assert browser.post("/accounts/sign-in/", form).status_code == 302
assert browser.get("/admin/").status_code == 200
assert "only administrator" in browser.get("/").content.decode()
print("looked")
"""


@pytest.fixture
def empty_database():
    """The address of a database without one table, on the server of the tests."""
    from config.embedded_postgresql.base import cluster

    where, name = cluster().parameters(), f"empty_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(**where, dbname="postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    yield f"postgresql://{where['user']}@/{name}?host={where['host']}&port={where['port']}"
    with psycopg.connect(**where, dbname="postgres", autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def manage(database: str, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "DATABASE_URL": database, "DEBUG": "1", **more}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def write_department(folder: Path) -> Path:
    (folder / "facilities.csv").write_text(
        "code,name,place_of_service,npi,state,timezone,machines\n"
        "ONE,First Radiation Center,11,,IL,America/Chicago,TB1\n"
    )
    return folder


@pytest.mark.slow
@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="makes databases of its own")
def test_from_an_empty_database_to_the_first_sign_in(empty_database, tmp_path):
    said = manage(empty_database, "create_administrator", "--username", "boss")
    assert said.returncode == 1
    assert "manage.py migrate" in said.stderr
    assert "Traceback" not in said.stderr
    folder = str(write_department(tmp_path))
    said = manage(empty_database, "import_department", folder, DEBUG="0", SECRET_KEY="")
    assert (said.returncode, said.stderr.startswith("SECRET_KEY is not set")) == (1, True)
    key = secrets.token_urlsafe(50)
    said = manage(empty_database, "import_department", folder, DEBUG="0", **SERVER, SECRET_KEY=key)
    assert (said.returncode, "manage.py migrate" in said.stderr) == (1, True), said.stderr
    said = manage(empty_database, "import_department", folder)
    assert "facilities.csv: " in said.stdout, said.stderr
    assert "Traceback" not in said.stderr
    refused = manage(empty_database, "demo", "--no-serve")
    assert "create_administrator" in refused.stderr
    names = [f"--{name.replace('_', '-')}={value}" for name, value in WHO.items()]
    made = manage(
        empty_database, "create_administrator", *names, GL_ADMINISTRATOR_PASSWORD=PASSWORD
    )
    assert made.returncode == 0, made.stderr
    looked = manage(empty_database, "shell", "-c", LOOKS % PASSWORD)
    assert "looked" in looked.stdout, looked.stderr


def create(monkeypatch, **options: object) -> None:
    monkeypatch.setenv("GL_ADMINISTRATOR_PASSWORD", PASSWORD)
    call_command("create_administrator", **{**WHO, **options})


@pytest.mark.django_db
def test_the_first_administrator_signs_in_and_opens_the_books(monkeypatch):
    create(monkeypatch)
    browser = Client()
    assert browser.login(username="boss", password=PASSWORD)
    assert browser.get(reverse("admin:index")).status_code == 200


@pytest.mark.django_db
def test_one_more_administrator_waits_for_the_first(monkeypatch, administrator):
    with pytest.raises(CommandError, match="--also"):
        create(monkeypatch)
    create(monkeypatch, also=True)
    person = User.objects.get(username="boss")
    assert not person.is_active
    change = ProposedChange.objects.get(kind="person")
    administrator.post(reverse("proposed_change_confirm", args=[change.pk]))
    person.refresh_from_db()
    assert person.is_active
    assert person.memberships.get().role == Role.ADMINISTRATOR


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"also": True}, "nobody|no administrator"),
        ({"email": "not an address"}, "email: "),
        ({"username": "has space"}, "username: "),
    ],
)
def test_what_cannot_be_made_is_said(monkeypatch, options, said):
    with pytest.raises(CommandError, match=said):
        create(monkeypatch, **options)
    assert not User.objects.filter(is_active=True).exists()


@pytest.mark.django_db
def test_a_weak_password_is_refused(monkeypatch):
    monkeypatch.setenv("GL_ADMINISTRATOR_PASSWORD", "short")
    with pytest.raises(CommandError, match="12 characters"):
        call_command("create_administrator", **WHO)
    assert not User.objects.exists()


@pytest.mark.django_db
def test_real_people_and_the_demo_do_not_mix(monkeypatch, tmp_path):
    make.FacilityFactory(is_made_up=True)
    with pytest.raises(CommandError, match="holds the demo"):
        create(monkeypatch)
    with pytest.raises(CommandError, match="holds the demo"):
        call_command("import_department", write_department(tmp_path))


def test_djangos_own_command_names_the_right_one():
    with pytest.raises(CommandError, match="create_administrator"):
        call_command("createsuperuser")


@pytest.mark.django_db
def test_nothing_is_served_in_which_nobody_could_sign_in(settings):
    settings.DEBUG = True
    with pytest.raises(CommandError, match="create_administrator"):
        call_command("serve")

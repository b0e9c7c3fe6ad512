"""Importing a department: bad rows are named, good ones kept, nothing half-written."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from accounts.models import system_user
from authorizations.exchange.row_reader import FileRefused
from authorizations.imports.department import import_department
from authorizations.models import Course, Patient, PriorAuthorization
from tests import factories as make
from tests.support import department as sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def files() -> dict[str, bytes]:
    for key, name in (
        ("aetna", "Aetna"),
        ("bcbs", "Blue Cross Blue Shield"),
        ("cigna", "Cigna"),
        ("unitedhealthcare", "UnitedHealthcare"),
        ("medicare", "Medicare"),
    ):
        make.PayerFactory(key=key, name=name)
    return {name: few(name, text).encode() for name, text in sample.build().files.items()}


PATIENTS = 6


PATIENTS_FILE = sample.build().files["patients.csv"]


def few(name: str, text: str) -> str:
    """The first patients of the sample and what belongs to them: enough for one spoiled row."""
    heading, *rows = text.splitlines(keepends=True)
    if name == "patients.csv":
        return heading + "".join(rows[:PATIENTS])
    if name in ("facilities.csv", "providers.csv", "plans.csv"):
        return text
    mrns = {row.split(",")[0] for row in few("patients.csv", PATIENTS_FILE).splitlines()[1:]}
    return heading + "".join(row for row in rows if mrns & set(row.split(",")))


def spoil(content: bytes, column: str, value: str, line: int = 2) -> bytes:
    """The same file with one cell of one line replaced."""
    rows = [row.split(",") for row in content.decode().splitlines()]
    rows[line - 1][rows[0].index(column)] = value
    return "\n".join(",".join(row) for row in rows).encode()


@pytest.mark.parametrize(
    ("name", "column", "value", "kind"),
    [
        ("facilities.csv", "npi", "1100000012", "invalid"),
        ("facilities.csv", "timezone", "Mars/Olympus", "invalid"),
        ("providers.csv", "role", "wizard", "invalid"),
        ("plans.csv", "payer", "Acme", "unknown_payer"),
        ("plans.csv", "timely_filing", "soon", "invalid"),
        ("patients.csv", "date_of_birth", "14/03/1955", "bad_date"),
        ("patients.csv", "mrn", "", "blank_mrn"),
        ("coverages.csv", "plan", "NOPE", "unknown_plan"),
        ("coverages.csv", "effective_through", "2025-01-01", "invalid"),
        ("courses.csv", "fractions_planned", "0", "invalid"),
        ("courses.csv", "fractions_planned", "many", "bad_number"),
        ("courses.csv", "guidance_modality", "dowsing", "bad_modality"),
        ("courses.csv", "physician_npi", "9", "unknown_physician"),
        ("courses.csv", "diagnosis", "prostate", "invalid"),
        ("authorizations.csv", "status", "perhaps", "bad_status"),
        ("authorizations.csv", "units_approved", "0", "invalid"),
        ("authorizations.csv", "valid_through", "2026-01-01", "invalid"),
        ("authorizations.csv", "authorization_number", "", "blank_number"),
        ("authorizations.csv", "decided_on", "2026-01-01", "bad_date"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_a_sentence(files, name, column, value, kind):
    files[name] = spoil(files[name], column, value)
    report = import_department(files, by=system_user())
    first = next(row for row in report.refused if row.file == name)
    assert (first.kind, first.line) == (kind, 2)
    assert first.sentence.endswith((".", "?"))


def test_good_rows_are_kept_beside_a_bad_one(files):
    files["patients.csv"] = spoil(files["patients.csv"], "date_of_birth", "never")
    import_department(files, by=system_user())
    assert Patient.objects.count() == PATIENTS - 1


def test_the_same_department_twice_changes_nothing(files):
    first = import_department(files, by=system_user())
    again = import_department(files, by=system_user())
    assert first.refused == again.refused == []
    assert sum(again.added.values()) == 0
    assert again.unchanged == first.added


def test_a_row_that_says_otherwise_the_second_time_is_refused(files):
    import_department(files, by=system_user())
    files["courses.csv"] = spoil(files["courses.csv"], "body_site", "lung")
    report = import_department(files, by=system_user())
    assert [(row.file, row.kind) for row in report.refused] == [("courses.csv", "different")]
    assert not Course.objects.filter(body_site="lung").exists()


def test_requests_keep_the_rows_they_came_from(files):
    import_department(files, by=system_user())
    request = PriorAuthorization.objects.filter(status="approved").first()
    assert len(request.events.get().details["rows"]) == request.lines.count()
    assert request.due_at > request.received_on


def test_a_file_that_is_no_table_is_refused_whole(files):
    files["patients.csv"] = b"\x89PNG\0\0"
    with pytest.raises(FileRefused, match="not a text file"):
        import_department(files, by=system_user())
    assert Patient.objects.count() == 0


def test_a_missing_column_is_named(files):
    files["patients.csv"] = files["patients.csv"].replace(b"date_of_birth", b"birthday")
    with pytest.raises(FileRefused, match="date_of_birth"):
        import_department(files, by=system_user())


def test_a_folder_without_any_file_is_an_error(tmp_path):
    with pytest.raises(CommandError, match=r"patients\.csv"):
        call_command("import_department", tmp_path)


def test_two_patients_may_have_a_course_of_the_same_number(files):
    import_department({n: c for n, c in files.items() if n != "courses.csv"}, by=system_user())
    heading, *rows = files["courses.csv"].decode().splitlines()
    cells = [row.split(",") for row in rows]
    first, second = cells[0], next(row for row in cells if row[1] != cells[0][1])
    lines = (",".join(["C1", *row[1:]]) for row in (first, second))
    report = import_department(
        {"courses.csv": "\n".join([heading, *lines]).encode()}, by=system_user()
    )
    assert report.refused == []
    assert Course.objects.filter(code="C1").count() == 2

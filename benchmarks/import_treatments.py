"""Importing many treatments beside COPY of the same rows into the same table, as ratios.

Makes a database of its own and drops it. ``--count`` treatments (100,000), ``--rounds`` (3).
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings_test"

import django

django.setup()

import pghistory
from django.db import connection, transaction
from django.test.utils import setup_databases, teardown_databases

from accounts.models import system_user
from authorizations.exchange.treatments_csv import COLUMNS, parse_treatments
from authorizations.imports.actions import import_treatments, plan_import
from authorizations.imports.judge_touched import judge_waiting
from authorizations.imports.machine_channels import command_line_channel
from authorizations.models import Charge, Course, GuidanceSession, Patient
from tests import factories as make

FRACTIONS = 40
MONDAY = date(2026, 1, 5)
TODAY = date(2026, 6, 30)
JUDGED = 100  # courses
TABLE = GuidanceSession._meta.db_table


class LookedAt(Exception):
    """Ends a round; what it wrote is taken back."""


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def undone(work: Callable[[], object]) -> float:
    """How long it takes within a transaction that is taken back."""
    taken = 0.0
    try:
        with transaction.atomic():
            taken = seconds(work)
            raise LookedAt
    except LookedAt:
        return taken


def make_courses(count: int) -> list[Course]:
    """Courses of forty fractions, one for each patient, all of one facility and plan."""
    plan = make.PlanFactory()
    make.AuthorizationPolicyFactory(plan=plan)
    make.CodingPolicyFactory(plan=plan)
    first = make.CourseFactory(fractions_planned=FRACTIONS, first_fraction_on=MONDAY)
    shared = {
        field.attname: getattr(first, field.attname)
        for field in Course._meta.concrete_fields
        if field.attname not in ("id", "code", "patient_id")
    }
    born = {"date_of_birth": date(1950, 1, 1), "sex": first.patient.sex}
    patients = Patient.objects.bulk_create(
        Patient(mrn=f"B{n:06d}", last_name="Bench", first_name=f"N{n}", **born)
        for n in range(count)
    )
    return Course.objects.bulk_create(
        Course(code=f"BC{n:06d}", patient=patient, **shared) for n, patient in enumerate(patients)
    )


def export(courses: list[Course]) -> bytes:
    """One file: every fraction of every course, as the record-and-verify system writes it."""
    facility = courses[0].facility
    lines = [",".join(COLUMNS)]
    for fraction in range(1, FRACTIONS + 1):
        day = MONDAY + timedelta(days=fraction - 1)
        for number, course in enumerate(courses):
            hour, minute = 7 + number // 60 % 12, number % 60
            lines.append(
                f"{course.code}-{fraction},{facility.code},{facility.machines[0]},{day},"
                f"{hour:02d}:{minute:02d},,{course.patient.mrn},{course.code},{fraction},1,yes,"
                f"77407,cbct,{hour:02d}:{minute:02d},1.2,-2.3,0.4,0.3,-0.2,,Mina Gant,,,"
            )
    return ("\n".join(lines) + "\n").encode()


def rows_of(content: bytes) -> bytes:
    """The sessions of the file as COPY writes them, from an import that is taken back."""
    found = bytearray()
    columns = ", ".join(f.column for f in GuidanceSession._meta.concrete_fields if f.column != "id")

    def take() -> None:
        import_treatments([content], by=system_user(), on=TODAY, channel=command_line_channel())
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY (SELECT {columns} FROM {TABLE}) TO STDOUT") as copy,
        ):
            for block in copy:
                found.extend(block)

    undone(take)
    return bytes(found)


def copy_back(rows: bytes) -> None:
    columns = ", ".join(f.column for f in GuidanceSession._meta.concrete_fields if f.column != "id")
    with pghistory.context(user=system_user().pk), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE false")  # tells the history who it is
        with cursor.copy(f"COPY {TABLE} ({columns}) FROM STDIN") as copy:
            copy.write(rows)


def bare_copy(rows: bytes) -> None:
    """Without the triggers that keep the history: what the table alone costs."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
    copy_back(rows)


def measure(content: bytes, rounds: int) -> dict[str, float]:
    rows = rows_of(content)
    works: dict[str, Callable[[], object]] = {
        "COPY into the table, its history kept": lambda: copy_back(rows),
        "COPY into the table, no history": lambda: bare_copy(rows),
        "parsing the file": lambda: sum(1 for _ in parse_treatments(content)),
        "planning (parsed, checked, placed)": lambda: plan_import([content], today=TODAY),
        "import (planned and written)": lambda: import_treatments(
            [content], by=system_user(), on=TODAY, channel=command_line_channel()
        ),
    }
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            taken[name].append(undone(work))
    return {name: statistics.median(each) for name, each in taken.items()}


def judging(content: bytes) -> tuple[int, float]:
    """Charges captured and judged after the import, and how long that took."""
    import_treatments([content], by=system_user(), on=TODAY, channel=command_line_channel())
    taken = seconds(lambda: judge_waiting(by=system_user(), on=TODAY, most=JUDGED))
    return Charge.objects.count(), taken


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--count", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=3)
    given = asked.parse_args()
    connection.settings_dict["TEST"]["NAME"] = "bench_ledger"
    made = setup_databases(verbosity=0, interactive=False)
    try:
        content = export(make_courses(given.count // FRACTIONS))
        found = measure(content, given.rounds)
        floor = next(iter(found.values()))
        print(f"{given.count} treatments, median of {given.rounds} rounds")
        for name, taken in found.items():
            print(f"{name:40} {taken:7.2f} s  {taken / floor:5.2f} × COPY")
        charges, taken = judging(content)
        print(f"{'judging after it, a charge':40} {taken / max(charges, 1) * 1000:7.2f} ms")
    finally:
        teardown_databases(made, verbosity=0)


if __name__ == "__main__":
    main()

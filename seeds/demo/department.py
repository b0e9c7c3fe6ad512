"""Making the demo: people, courses, authorizations, treatments, and some weeks of billing."""

from __future__ import annotations

from datetime import date, timedelta

import pghistory
from django.db import transaction
from django.utils import timezone

from accounts.first_administrator import holds_demo
from accounts.models import SYSTEM_USERNAME, Facility, Provider, User, system_user
from authorizations.batches.actions import draw_batch, waiting_batches
from authorizations.charges.actions import release_many
from authorizations.courses.registration import register_course
from authorizations.imports.actions import read_and_import
from authorizations.imports.machine_channels import command_line_channel
from authorizations.models import Charge, ChargeStatus, Course, Task
from authorizations.worklists.actions import assign_task
from authorizations.worklists.sync_tasks import sync_tasks
from payers.models import Payer, Plan
from seeds.demo.cases import CASES, FIRST_NAMES, LAST_NAMES, SITES, Case
from seeds.demo.people import LOGINS, ONCOLOGISTS, make_directory, make_people, make_rates
from seeds.demo.permissions import ask
from seeds.demo.treatments import exports, workday

__all__ = ["LOGINS", "load_demo"]
BILLED_AFTER, DRAWN_AFTER = timedelta(days=10), timedelta(days=20)


class DemoRefused(Exception):
    """The demo is not made here; the message says why and what to do."""


def load_demo(today: date | None = None, *, password: str) -> bool:
    """Make the department unless it is there; whether it was made. All sign in with the password.

    Raises DemoRefused in a database with people or places that are not of the demo.
    """
    if holds_demo():
        return False
    refuse_real_people()
    today = today or timezone.localdate()
    with transaction.atomic(), pghistory.context(page="demo"):
        users = make_people(password)
        make_rates(today)
        make_directory(today)
        courses = [
            (case, make_course(case, number, today, users["frontdesk"]))
            for number, case in enumerate(CASES)
        ]
        for number, (case, course) in enumerate(courses):
            ask(case, course, number, today, users["frontdesk"])
        read_and_import(
            exports(courses, today), by=system_user(), on=today, channel=command_line_channel()
        )
        bill(users["coder"], today)
        sync_tasks()
        share_out(users["frontdesk"])
    return True


def share_out(clerk: User) -> None:
    """Most cases are the front desk's; every third is nobody's yet."""
    for task in Task.objects.open().order_by("course_id", "pk"):
        if task.course_id % 3:
            assign_task(task=task, to=clerk, by=clerk)


def refuse_real_people() -> None:
    """Made-up logins never stand among real people. Raises DemoRefused."""
    if Facility.objects.exists() or User.objects.exclude(username=SYSTEM_USERNAME).exists():
        raise DemoRefused(
            "This database holds a department of its own, and the demo does not mix with it. To "
            "look at it: manage.py create_administrator, then manage.py serve. For the demo, "
            "use an empty database: set GL_POSTGRES_DIR to another folder, or remove .local."
        )


def make_course(case: Case, number: int, today: date, by: User) -> Course:
    diagnosis, technique, delivery, modality = SITES[case.site]
    first = workday(today, case.starts)
    return register_course(
        patient={
            "mrn": f"DEMO{number:04d}",
            "last_name": LAST_NAMES[number % len(LAST_NAMES)],
            "first_name": FIRST_NAMES[number % len(FIRST_NAMES)],
            "date_of_birth": date(1938 + number, 1 + number % 12, 1 + number % 28),
            "sex": "M" if case.site == "prostate" or number % 3 == 0 else "F",
        },
        coverage={
            "plan": Plan.objects.get(code=case.plan),
            "member_id": f"M{number:04d}00{number % 7}",
            "effective_from": date(first.year, 1, 1),
        },
        course={
            "code": f"D{number:04d}",
            "facility": Facility.objects.get(code=case.facility),
            "physician": Provider.objects.get(name=ONCOLOGISTS[number % len(ONCOLOGISTS)]),
            "diagnosis": diagnosis,
            "body_site": case.site,
            "technique": technique,
            "delivery_code": delivery,
            "guidance_modality": modality,
            "guidance_ordered_on": first - timedelta(days=6),
            "fractions_planned": case.fractions,
            "fractions_per_day": case.per_day,
            "first_fraction_on": first,
            "has_motion_management": delivery == "77412",
        },
        by=by,
    )


def bill(coder: User, today: date) -> None:
    """Release what is clean and older than ten days; what is older still is drawn into batches."""
    release_before(today - DRAWN_AFTER, coder)
    for row in waiting_batches(Charge.objects.all()):
        draw_batch(
            facility=Facility.objects.get(pk=row["facility"]),
            payer=Payer.objects.get(pk=row["plan__payer"]),
            by=coder,
        )
    release_before(today - BILLED_AFTER, coder)


def release_before(day: date, coder: User) -> None:
    rows = Charge.objects.filter(status=ChargeStatus.READY, date_of_service__lt=day)
    release_many(charges=rows.select_related("session__course__facility"), by=coder)

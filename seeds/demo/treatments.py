"""The demo's treatments as the record-and-verify system would export them, day by day."""

from __future__ import annotations

import csv
import io
import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from authorizations.models import Course
from payers.clocks.calendars import is_business_day
from seeds.demo.cases import Case

COLUMNS = (
    *("record_id", "facility", "machine", "date", "start_time", "end_time", "mrn", "course"),
    *("fraction", "session_of_day", "delivered", "delivery_code", "image_modality", "image_time"),
    *("shift_lr_mm", "shift_si_mm", "shift_ap_mm", "pitch_deg", "roll_deg", "yaw_deg"),
    *("therapist", "reviewed_by_npi", "reviewed_by", "reviewed_at"),
)
FIRST_HOUR, QUARTER, PER_MACHINE = 8, timedelta(minutes=15), 28
HOURS_BETWEEN = timedelta(hours=6, minutes=30)


def workday(today: date, count: int) -> date:
    """The working day so many away from today; 0 is today or the next working day."""
    day, step = today, 1 if count >= 0 else -1
    while not is_business_day(day):
        day += timedelta(days=1)
    for _ in range(abs(count)):
        day += timedelta(days=step)
        while not is_business_day(day):
            day += timedelta(days=step)
    return day


def exports(courses: list[tuple[Case, Course]], today: date) -> list[bytes]:
    """One file for each day before today."""
    chance = random.Random(77387)  # noqa: S311 – the same demo every time
    days: dict[date, list[dict[str, str]]] = defaultdict(list)
    for number, (case, course) in enumerate(courses):
        for row in treatment_rows(case, course, number, today, chance):
            days[date.fromisoformat(row["date"])].append(row)
    return [as_csv(days[day]) for day in sorted(days)]


def treatment_rows(
    case: Case, course: Course, number: int, today: date, chance: random.Random
) -> Iterator[dict[str, str]]:
    """The fractions of a course given before today, each at its usual time."""
    machines = course.facility.machines
    machine = machines[number % len(machines)]
    clock = time(FIRST_HOUR + (number % PER_MACHINE) // 4, 15 * (number % 4))
    if course.fractions_per_day > 1:
        clock = time(FIRST_HOUR, 5)
    day, fraction = course.start, 1
    while day < today and fraction <= course.fractions:
        if is_business_day(day):
            for nth in range(1, course.fractions_per_day + 1):
                start = datetime.combine(day, clock) + HOURS_BETWEEN * (nth - 1)
                if fraction <= course.fractions:
                    yield row(case, course, machine, start, fraction, nth, today, chance)
                fraction += 1
        day += timedelta(days=1)


def row(
    case: Case,
    course: Course,
    machine: str,
    start: datetime,
    fraction: int,
    nth: int,
    today: date,
    chance: random.Random,
) -> dict[str, str]:
    """One treatment with its images, shifts and (but for the last day) the physician's review."""
    shifts = shifts_of(case, fraction, chance)
    reviewed = reviewed_at(case, start, fraction, today)
    return {
        "record_id": f"DEMO{course.pk:04d}{fraction:02d}",
        "facility": course.facility.code,
        "machine": machine,
        "date": start.date().isoformat(),
        "start_time": start.strftime("%H:%M"),
        "end_time": (start + QUARTER).strftime("%H:%M"),
        "mrn": course.patient.mrn,
        "course": course.code,
        "fraction": str(fraction),
        "session_of_day": str(nth),
        "delivered": "yes",
        "delivery_code": course.delivery_code,
        "image_modality": course.guidance_modality,
        "image_time": (start - timedelta(minutes=4)).strftime("%H:%M"),
        "shift_lr_mm": shifts[0],
        "shift_si_mm": shifts[1],
        "shift_ap_mm": shifts[2],
        "pitch_deg": f"{chance.gauss(0, 0.5):.1f}",
        "roll_deg": f"{chance.gauss(0, 0.5):.1f}",
        "yaw_deg": f"{chance.gauss(0, 0.5):.1f}",
        "therapist": chance.choice(("Theo Beam", "Nell Fields")),
        "reviewed_by_npi": course.physician.npi if reviewed else "",
        "reviewed_by": course.physician.name if reviewed else "",
        "reviewed_at": reviewed.strftime("%Y-%m-%d %H:%M") if reviewed else "",
    }


def shifts_of(case: Case, fraction: int, chance: random.Random) -> list[str]:
    """Left–right, superior–inferior and anterior–posterior in mm; one story forgets some."""
    shifts = [f"{chance.gauss(0, 2):.1f}" for _ in range(3)]
    return ["", "", ""] if case.story == "no_shifts" and fraction % 9 == 4 else shifts


def reviewed_at(case: Case, start: datetime, fraction: int, today: date) -> datetime | None:
    """The same afternoon; the last day's images still wait; one story has late reviews."""
    if start.date() >= workday(today, 0) - timedelta(days=1) or start.date() == workday(today, -1):
        return None
    if case.story == "late_review" and fraction % 6 == 3:
        return start + timedelta(days=4)
    return start + timedelta(hours=3) if start.hour < 14 else start + timedelta(hours=1)


def as_csv(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()

"""How the shifts of a course went: the axis that moved most, beside its tolerance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from authorizations.models import GuidanceSession

LATEST = 9  # fractions in the picture
IN_WORDS = 3  # earlier ones in the sentence
WIDTH, HEIGHT = 160, 40  # of the picture
AXES = (("LR", "shift_lr_mm"), ("SI", "shift_si_mm"), ("AP", "shift_ap_mm"))
Shifts = tuple[Decimal, Decimal, Decimal]


@dataclass(frozen=True)
class Shift:
    """One axis of a session: its shift in mm, and whether it is beyond the course's tolerance."""

    axis: str
    value: Decimal
    is_over: bool


@dataclass(frozen=True)
class ShiftTrend:
    """The shifts of one session, and the axis that moved most over the latest fractions."""

    shifts: list[Shift]
    caption: str
    points: str
    band_top: float
    band_height: float

    @property
    def is_over(self) -> bool:
        return any(shift.is_over for shift in self.shifts)


def shift_trends(sessions: Iterable[GuidanceSession]) -> dict[int, ShiftTrend]:
    """The trend of each session that has shifts, in one query."""
    wanted = [session for session in sessions if session.has_shifts]
    earlier = shifts_by_course({session.course_id for session in wanted})
    return {session.pk: trend_of(session, earlier[session.course_id]) for session in wanted}


def shifts_by_course(courses: set[int]) -> dict[int, list[tuple[int, Shifts]]]:
    """Of each course its sessions with all three shifts, the earliest first."""
    known = {f"{name}__isnull": False for _, name in AXES}
    complete = GuidanceSession.objects.live().filter(course__in=courses, **known)
    found: dict[int, list[tuple[int, Shifts]]] = defaultdict(list)
    values = complete.order_by("started_at", "pk").values_list(
        "course", "pk", *(name for _, name in AXES)
    )
    for course, number, *shifts in values:
        found[course].append((number, (shifts[0], shifts[1], shifts[2])))
    return found


def trend_of(session: GuidanceSession, course: list[tuple[int, Shifts]]) -> ShiftTrend:
    """One session among those of its course up to it."""
    numbers = [number for number, _ in course]
    upto = [shifts for _, shifts in course[: numbers.index(session.pk) + 1]][-LATEST:]
    tolerance = session.course.shift_tolerance_mm
    now = upto[-1]
    shifts = [
        Shift(axis, value, tolerance is not None and abs(value) > tolerance)
        for (axis, _), value in zip(AXES, now, strict=True)
    ]
    moved = max(range(len(AXES)), key=lambda axis: abs(now[axis]))
    values = [one[moved] for one in upto]
    reach = max(*(abs(value) for value in values), tolerance or Decimal(0), Decimal(1))
    scale = HEIGHT / 2 * 0.9 / float(reach)
    half = float(tolerance) * scale if tolerance else 0.0
    return ShiftTrend(
        shifts=shifts,
        caption=trend_caption(AXES[moved][0], values, tolerance),
        points=line_points(values, scale),
        band_top=round(HEIGHT / 2 - half, 1),
        band_height=round(2 * half, 1),
    )


def line_points(values: list[Decimal], scale: float) -> str:
    """The line through the shifts, zero in the middle."""
    step = WIDTH / max(len(values) - 1, 1)
    spots = ((i * step, HEIGHT / 2 - float(value) * scale) for i, value in enumerate(values))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)


def trend_caption(axis: str, values: list[Decimal], tolerance: Decimal | None) -> str:
    """AP 3.8 of 3 mm, rising; before 2.9, 2.1, 1.8."""
    now, before = values[-1], values[-2 : -2 - IN_WORDS : -1]
    of = f" of {tolerance.normalize():f}" if tolerance else ""
    sizes = [abs(value) for value in values[-1 - IN_WORDS :]]
    is_one_way = len({value > 0 for value in values[-1 - IN_WORDS :]}) == 1
    is_rising = len(sizes) > IN_WORDS and all(a < b for a, b in pairwise(sizes)) and is_one_way
    earlier = ", ".join(str(value) for value in before)
    rising = ", rising" if is_rising else ""
    return f"{axis} {now}{of} mm{rising}" + (f"; before {earlier}" if earlier else "; the first")

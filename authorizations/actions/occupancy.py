"""Where each patient is at what time: nobody lies on two machines at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from authorizations.exchange.reading import RowRefused
from authorizations.exchange.treatments_csv import TreatmentRow
from authorizations.models import GuidanceSession

SHORTEST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Stay:
    """A patient on a machine, from a moment until before another."""

    machine: str
    starts: datetime
    ends: datetime

    def clashes(self, other: Stay) -> bool:
        """Whether both cannot be true of one patient."""
        is_at_once = self.starts < other.ends and other.starts < self.ends
        return self.machine != other.machine and is_at_once


class Occupancy:
    """The stays already recorded of the patients in a file, and those the file adds."""

    def __init__(self, rows: Iterable[TreatmentRow]) -> None:
        rows = list(rows)
        self.stays: dict[tuple[str, date], list[Stay]] = defaultdict(list)
        recorded = GuidanceSession.objects.live().filter(
            course__patient__mrn__in={row.mrn for row in rows},
            date_of_service__in={row.date_of_service for row in rows},
        )
        for mrn, day, machine, start, end in recorded.values_list(
            "course__patient__mrn", "date_of_service", "machine", "started_at", "ended_at"
        ):
            self.stays[mrn, day].append(stay(machine, start, end))

    def claim(self, row: TreatmentRow, zone: tzinfo) -> None:
        """Take the machine for the time of the row. Raises RowRefused where it cannot be."""
        here = stay(row.machine, moment(row, row.starts, zone), moment(row, row.ends, zone))
        taken = self.stays[row.mrn, row.date_of_service]
        for other in taken:
            if here.clashes(other):
                sentence = (
                    f"{other.machine} claims this patient at the same time. Correct the time or "
                    "the machine in the record-and-verify system."
                )
                raise RowRefused("two_machines", sentence)
        taken.append(here)


def moment(row: TreatmentRow, at: time | None, zone: tzinfo) -> datetime | None:
    return datetime.combine(row.date_of_service, at, zone) if at else None


def stay(machine: str, start: datetime, end: datetime | None) -> Stay:
    """A stay of at least a minute: some senders name no end."""
    return Stay(machine, start, max(end or start, start + SHORTEST))

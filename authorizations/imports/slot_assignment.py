"""Which record takes which fraction, and which machine at what time: one answer for any order.

Settled sessions come first, then all by day, start and record number. The first stands. What one
facility has recorded never gives way to the line of another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from authorizations.exchange.row_reader import RowRefused

SHORTEST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SlotRequest:
    """What a record, or a session typed by hand, takes: a fraction of a course, a machine's time.

    ``session`` is the session that stands for it already, 0 where there is none.
    """

    record: str
    patient: int
    course: int
    course_code: str
    fraction: int
    session_of_day: int
    on: date
    is_delivered: bool
    machine: str
    starts: datetime
    ends: datetime | None
    session: int = 0
    facility: int = 0
    is_settled: bool = False
    is_standing: bool = False  # nothing new is said about it

    @property
    def key(self) -> tuple[int, int, int]:
        return self.course, self.fraction, self.session_of_day

    @property
    def rank(self) -> tuple[bool, date, datetime, str]:
        return not self.is_settled, self.on, self.starts.replace(tzinfo=None), self.record

    def is_same_treatment(self, other: SlotRequest) -> bool:
        """Whether both are about one treatment; without delivery a fraction stays due."""
        return self.on == other.on or (self.is_delivered and other.is_delivered)

    def gives_way_to(self, other: SlotRequest) -> bool:
        """Whether the other is recorded already, and at another facility: that one stays."""
        is_there = other.is_standing or (bool(other.session) and not self.session)
        return is_there and not self.is_standing and self.facility != other.facility

    def clashes(self, other: SlotRequest) -> bool:
        """Whether one patient would lie on two machines at once."""
        is_at_once = self.starts < other.until and other.starts < self.until
        return self.machine != other.machine and is_at_once

    @property
    def until(self) -> datetime:
        """The end of a stay of at least a minute: some senders name no end."""
        return max(self.ends or self.starts, self.starts + SHORTEST)


class SlotAssignment:
    """The answer for each record: it stands, it is a session typed by hand, or it waits."""

    def __init__(self, claims: Iterable[SlotRequest]) -> None:
        self.refusals: dict[str, RowRefused] = {}
        self.adopted: dict[str, int] = {}  # record → session typed by hand
        self._taken: dict[tuple[int, int, int], list[SlotRequest]] = defaultdict(list)
        self._by_hand: dict[tuple[int, int, int], list[SlotRequest]] = defaultdict(list)
        self._stays: dict[tuple[int, date], list[SlotRequest]] = defaultdict(list)
        self._recorded: dict[int, list[SlotRequest]] = defaultdict(list)  # by patient
        records = []
        for claim in claims:
            if claim.record:
                records.append(claim)
                if claim.session:
                    self._recorded[claim.patient].append(claim)
            else:
                self._by_hand[claim.key].append(claim)
                self._stays[claim.patient, claim.on].append(claim)
        for claim in sorted(records, key=lambda each: each.rank):
            self._place(claim)

    def _place(self, claim: SlotRequest) -> None:
        try:
            self._check_fraction(claim)
            by_hand = self._by_hand[claim.key]
            typed = next((h for h in by_hand if h.is_same_treatment(claim)), None)
            if typed and typed.facility != claim.facility:
                raise already_recorded(claim, "a session typed by hand at another facility")
            if typed:
                by_hand.remove(typed)
                self.adopted[claim.record] = typed.session
            else:
                self._check_machine(claim)
        except RowRefused as refusal:
            self.refusals[claim.record] = refusal
            return
        self._taken[claim.key].append(claim)
        if not typed:
            self._stays[claim.patient, claim.on].append(claim)

    def _check_fraction(self, claim: SlotRequest) -> None:
        elsewhere = [other for other in self._elsewhere(claim) if other.key == claim.key]
        for other in (*self._taken[claim.key], *elsewhere):
            if other.is_same_treatment(claim) and not (claim.is_standing and other.is_standing):
                raise already_recorded(claim, other.record)

    def _elsewhere(self, claim: SlotRequest) -> list[SlotRequest]:
        """What other facilities recorded of the patient, which stays whoever was earlier."""
        return [other for other in self._recorded[claim.patient] if claim.gives_way_to(other)]

    def _check_machine(self, claim: SlotRequest) -> None:
        elsewhere = [other for other in self._elsewhere(claim) if other.on == claim.on]
        for other in (*self._stays[claim.patient, claim.on], *elsewhere):
            if claim.clashes(other) and not (claim.is_standing and other.is_standing):
                is_here = other.facility == claim.facility
                machine = other.machine if is_here else "A machine of another facility"
                sentence = (
                    f"{machine} claims this patient at the same time. Correct the time or the "
                    "machine in the record-and-verify system."
                )
                raise RowRefused("two_machines", sentence)


def already_recorded(claim: SlotRequest, other: str) -> RowRefused:
    sentence = (
        f"Fraction {claim.fraction} of course {claim.course_code} is already recorded as {other}. "
        "If both were given, correct the fraction number."
    )
    return RowRefused("duplicate_fraction", sentence)

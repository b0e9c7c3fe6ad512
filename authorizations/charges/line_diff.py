"""A correction of a line as its parts: what goes, what comes, what stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from authorizations.models import Charge
from coding.rules import Correction


@dataclass(frozen=True)
class LinePart:
    """A code, a modifier or the units, and what becomes of it: kept, removed or added."""

    text: str
    change: str = "kept"


@dataclass(frozen=True)
class Proposal:
    """The line as it would be, the parts that differ, and what to send to have it so."""

    parts: tuple[LinePart, ...]
    code: str
    modifiers: tuple[str, ...]
    units: int
    note: str
    rule: str

    @property
    def line(self) -> str:
        return "-".join((self.code, *self.modifiers))

    @property
    def reason(self) -> str:
        return f"Applied what rule {self.rule} proposes."


def proposal(charge: Charge, correction: Correction, rule: str) -> Proposal | None:
    """What the rulebook proposes for a line; None when the line is already so."""
    code = correction.code or charge.code
    given = correction.modifiers
    modifiers = tuple(charge.modifiers if given is None else given)
    units = correction.units or charge.units
    parts = (
        *diff_parts(charge.code, code),
        *modifier_parts(charge.modifiers, modifiers),
        *(diff_parts(f"×{charge.units}", f"×{units}") if units != charge.units else ()),
    )
    if all(part.change == "kept" for part in parts):
        return None
    return Proposal(parts, code, modifiers, units, correction.note, rule)


def diff_parts(old: str, new: str) -> tuple[LinePart, ...]:
    return (LinePart(old),) if old == new else (LinePart(old, "removed"), LinePart(new, "added"))


def modifier_parts(old: Iterable[str], new: Iterable[str]) -> tuple[LinePart, ...]:
    """The old modifiers with those that go struck out, then the ones that come, in claim order."""
    old, new = list(old), list(new)
    gone = [LinePart(f"-{one}", "removed") for one in old if one not in new]
    return (*gone, *(LinePart(f"-{one}", "kept" if one in old else "added") for one in new))


def first_proposal(charge: Charge, findings: Iterable[Any]) -> Proposal | None:
    """The proposal of the gravest finding that has one."""
    found = (proposal(charge, f.correction, f.number) for f in findings if f.correction)
    return next((one for one in found if one), None)

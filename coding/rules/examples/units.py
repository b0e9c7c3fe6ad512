"""Examples about units and second sessions."""

from __future__ import annotations

from datetime import date
from typing import Any

from coding.rules.examples.base import DOCTOR, at, clean, example
from coding.rules.examples.marks import SECOND
from coding.rules.facts import UnitLimitFacts

END, BEGIN = date(2025, 12, 31), date(2026, 1, 1)
FIRST_2015, LAST_2014 = date(2015, 1, 1), date(2014, 12, 31)
SOON: dict[str, Any] = {**SECOND, "earlier_started_at": at(date(2026, 6, 1), 11)}
REPEAT = ("26", "76")


def on(day: date) -> dict[str, Any]:
    """A proper second session on another day."""
    return {
        **SECOND,
        "earlier_started_at": at(day, 8),
        "started_at": at(day, 15),
        "image_at": at(day, 14, 55),
        "reviewed_at": at(day, 17),
        "earlier_reviewer_npi": DOCTOR,
    }


EXAMPLES = (
    example("R27", "two units for one session", "R27", units=2),
    example("R27", "one unit", ""),
    example("R27", "two units, whatever the code", "R27 R60", code="77336", units=2, modifiers=()),
    example("R28", "a proper second session", "R28", modifiers=REPEAT, **SECOND),
    example("R28", "on the first day", "R28", base=clean(BEGIN), modifiers=REPEAT, **on(BEGIN)),
    example("R28", "no table is loaded: the general limit", "R28", modifiers=REPEAT, **SECOND,
            unit_limit=None),
    example("R28", "a limit of two", "", modifiers=REPEAT, **SECOND,
            unit_limit=UnitLimitFacts(2, 3, "2026 Q2")),
    example("R28", "a limit per line is not this one", "", modifiers=REPEAT, **SECOND,
            unit_limit=UnitLimitFacts(1, 1, "2026 Q2")),
    example("R28", "the first session", ""),
    example("R28", "a hospital's line", "R16", modifiers=REPEAT, **SECOND, claim_type="837I"),
    example("R28", "whatever the code", "R28 R60", code="77336", modifiers=REPEAT, **SECOND),
    example("R28", "the day before another rule speaks", "R02", base=clean(END),
            modifiers=REPEAT, **on(END)),
    example("R28", "before 2026 two were within the limit", "R31", base=clean(END),
            code="77014", modifiers=REPEAT, **on(END)),
    example("R29", "four hours apart", "R29", modifiers=REPEAT, **SOON,
            says="Less than six hours"),
    example("R29", "once a day was ordered", "R29", modifiers=REPEAT,
            **{**SECOND, "fractions_per_day_ordered": 1}, says="one a day is ordered"),
    example("R29", "exactly six hours apart", "R28", modifiers=REPEAT,
            **{**SECOND, "earlier_started_at": at(date(2026, 6, 1), 9)}),
    example("R29", "nobody knows when the first began", "R29", modifiers=REPEAT,
            **{**SECOND, "earlier_started_at": None}),
    example("R29", "on the first day", "R29", base=clean(BEGIN), modifiers=REPEAT,
            **{**on(BEGIN), "fractions_per_day_ordered": 1}),
    example("R29", "the day before another rule speaks", "R02", base=clean(END),
            modifiers=REPEAT, **{**on(END), "fractions_per_day_ordered": 1}),
    example("R29", "the first session of the day", ""),
    example("R29", "whatever the code", "R29 R60", code="77336", modifiers=REPEAT, **SOON),
    example("R30", "a second session beyond an absolute limit", "R30", modifiers=REPEAT, **SECOND,
            unit_limit=UnitLimitFacts(1, 2, "2026 Q2")),
    example("R30", "a second session within an absolute limit", "", modifiers=REPEAT, **SECOND,
            unit_limit=UnitLimitFacts(2, 2, "2026 Q2")),
    example("R30", "two units on one line", "R27 R30", units=2,
            unit_limit=UnitLimitFacts(1, 2, "2026 Q2")),
    example("R30", "one unit", "", unit_limit=UnitLimitFacts(1, 2, "2026 Q2")),
    example("R30", "a limit that is open to proof", "R27", units=2),
    example("R30", "no limit is loaded", "R27", units=2, unit_limit=None),
    example("R31", "twice a day in the old code", "R31", base=clean(END), code="G6002",
            modifiers=REPEAT, **on(END), modalities=("kv_pair",)),
    example("R31", "once a day", "", base=clean(END), code="G6002", modalities=("kv_pair",)),
    example("R31", "since 2015", "R31", base=clean(FIRST_2015), code="77014", modifiers=REPEAT,
            **on(FIRST_2015)),
    example("R31", "before 2015", "", base=clean(LAST_2014), code="77014", modifiers=REPEAT,
            **on(LAST_2014)),
    example("R31", "in 2026 the code is gone", "R07 R28", base=clean(BEGIN), code="77014",
            modifiers=REPEAT, **on(BEGIN)),
    example("R31", "another code", "R60", base=clean(END), code="77336", modifiers=REPEAT,
            **on(END)),
)  # fmt: skip

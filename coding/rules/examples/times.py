"""Examples about the order of times."""

from __future__ import annotations

from datetime import date
from typing import Any

from coding.rules.examples.base import at, example

DAY, EVE = date(2026, 6, 1), date(2026, 5, 31)
UNREVIEWED: dict[str, Any] = {"reviewed_at": None, "reviewer_role": "", "reviewer_npi": ""}

EXAMPLES = (
    example("R63", "imaged five minutes after the beam began", "R63", image_at=at(DAY, 10, 5)),
    example("R63", "imaged in the minute the beam began", "", image_at=at(DAY, 10)),
    example("R63", "imaged before the beam", ""),
    example("R63", "tracking during the beam", "", image_at=at(DAY, 10, 5),
            modalities=("intrafraction_xray",)),
    example("R63", "a transponder that is read during the beam", "", image_at=at(DAY, 10, 5),
            modalities=("cbct", "transponder")),
    example("R63", "surface guidance beside a cone beam excuses no late cone beam", "R63",
            image_at=at(DAY, 10, 5), modalities=("cbct", "surface")),
    example("R63", "surface guidance alone, which the payer pays", "", image_at=at(DAY, 10, 5),
            modalities=("surface",), surface_guidance="billable"),
    example("R63", "no time of the image", "R46", image_at=None),
    example("R63", "nobody knows when it began", "", started_at=None),
    example("R64", "approved before the image was taken", "R64", reviewed_at=at(DAY, 9, 55)),
    example("R64", "approved in the minute it was taken", "R67", reviewed_at=at(DAY, 9, 56)),
    example("R64", "approved before the treatment, the image without a time", "R46 R64",
            reviewed_at=at(DAY, 9, 59), image_at=None),
    example("R64", "nobody approved", "R42", **UNREVIEWED),
    example("R64", "no times at all", "R46", image_at=None, started_at=None),
    example("R64", "approved after the treatment", ""),
    example("R65", "imaged more than four hours before the beam", "R65", image_at=at(DAY, 5, 59)),
    example("R65", "imaged four hours before", "", image_at=at(DAY, 6)),
    example("R65", "just before midnight, treated just after it", "", image_at=at(EVE, 23, 58),
            started_at=at(DAY, 0, 5)),
    example("R65", "no time of the image", "R46", image_at=None),
    example("R65", "nobody knows when it began", "", started_at=None, image_at=at(DAY, 5, 59)),
    example("R66", "fraction 5 was given before fraction 4", "R66", out_of_order_with=4),
    example("R66", "in order", ""),
    example("R81", "approved on the day of the review", "", judged_on=DAY),
    example("R81", "approved a day after the review", "R81", judged_on=EVE,
            says="later time"),
    example("R81", "nobody knows when it was reviewed", "", judged_on=None),
    example("R67", "approved at the machine, before the beam", "R67", reviewed_at=at(DAY, 9, 58)),
    example("R67", "approved in the minute the beam began", "", reviewed_at=at(DAY, 10)),
    example("R67", "approved before the image", "R64", reviewed_at=at(DAY, 9, 55)),
    example("R67", "approved after the treatment", ""),
    example("R67", "nobody approved", "R42", **UNREVIEWED),
    example("R67", "no time of the image", "R46", image_at=None),
    example("R67", "nobody knows when it began", "", started_at=None),
)  # fmt: skip

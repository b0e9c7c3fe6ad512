"""Where sources contradict each other: both statements, and what we go by until it is settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

LOOKED_AT = date(2026, 11, 23)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One matter on which two sources differ."""

    about: str
    codes: tuple[str, ...]
    one: str
    other: str
    we_use: str


def differ(about: str, codes: str, one: str, other: str, we_use: str) -> Contradiction:
    return Contradiction(about, tuple(codes.split()), one, other, we_use)


CONTRADICTIONS: tuple[Contradiction, ...] = (
    differ("Modifier 26", "77387",
           "UnitedHealthcare, the relative value file, trade press: required",
           "ASTRO: send it again without 26 to private payers that reject it",
           "Both: a matter of payer and date, kept as policies"),
    differ("What the code contains", "77387",
           "ASTRO: a professional code only",
           "CMS: professional and technical parts, the whole is status A",
           "The billable part is the physician's; the modifier is the payer's rule"),
    differ("Work value", "77387",
           "0.70, as the RUC recommended",
           "0.68, relative value file of July 2026",
           "The file"),
    differ("What Medicare pays", "77387",
           "About $30, as told in forums",
           "$36.41 by the relative value file",
           "The file; $30 is what is left after coinsurance and sequestration"),
    differ("Values of delivery in 2026", "77402 77407 77412",
           "2.71, 6.47 and 14.45, ASTRO on the addenda before publication",
           "2.46, 9.28 and 13.28, relative value file of July 2026",
           "The file; ACRO reported mistakes in the addenda"),
    differ("Units a day", "77387",
           "One, practitioner table",
           "Two, outpatient hospital table of 2024",
           "Both: they are different tables"),
    differ("Passing a unit limit with a modifier", "77387 77402 77407 77412",
           "An older contractor page: limits are per line",
           "First Coast and NGS: indicators 2 and 3 are per day",
           "Per day; the older page is outdated"),
    differ("Guidance twice a day", "77387",
           "Delivery has a limit of two, so guidance should too",
           "Guidance has a limit of one",
           "The table: the second goes on its own line and is appealed"),
    differ("Published pairings of 2026", "77387",
           "An undated collection shows many for practitioners",
           "The official table of 2024 had one",
           "The official table; those of 2026 were not read, so they are provisional"),
    differ("Tracking", "G6017",
           "A professional service, says a web page",
           "Technical only, priced by contractors: ASTRO and the relative value file",
           "ASTRO and the file"),
    differ("A daily note", "77387",
           "ASTRO: approval of images and shifts suffices",
           "A vendor: “images reviewed” fails; a payer's report rule of April 2026",
           "ASTRO's as the minimum; stricter where a payer's policy says so"),
    differ("Port images", "77417",
           "An older answer of ASTRO: one for each gantry angle",
           "A newer one: one for five fractions",
           "The newer; the unit limit is one a day"),
    differ("Order of diagnoses", "77387",
           "The encounter code Z51.0 first",
           "Z51.0 after the malignancy",
           "The payer's policy; at least one malignancy on the line"),
)  # fmt: skip


def about(code: str) -> tuple[Contradiction, ...]:
    """The matters that touch a code."""
    return tuple(row for row in CONTRADICTIONS if code in row.codes)

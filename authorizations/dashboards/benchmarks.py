"""Published figures worth standing beside ours: only where a trustworthy source counts likewise.

Nothing published fits the other figures (turnaround of radiation therapy, charges held, filing), so
they stand alone.
"""

from __future__ import annotations

from dataclasses import dataclass

KFF = "KFF, Medicare Advantage prior authorization determinations"
KFF_URL = (
    "https://www.kff.org/medicare/"
    "medicare-advantage-insurers-made-nearly-53-million-prior-authorization-determinations-in-2024"
)
ASTRO = "ASTRO, survey of 754 radiation oncologists on prior authorization"
ASTRO_URL = (
    "https://cancerhealth.com/article/"
    "new-astro-survey-finds-prior-authorization-delays-lead-serious-harm-people-cancer"
)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What somebody published: the figure in short and in words, of which year, who says so.

    ``line_of_business`` is the only kind of plan it speaks about; empty means any.
    """

    figure: str
    short: str
    words: str
    year: int
    source: str
    source_url: str
    confidence: str
    line_of_business: str = ""

    def speaks_of(self, line_of_business: str) -> bool:
        return not line_of_business or self.line_of_business in ("", line_of_business)


BENCHMARKS = (
    Benchmark(
        "cut",
        "7.7 %",
        "Medicare Advantage, all kinds of care: 7.7 % of about 53 million determinations were "
        "denied in full or in part (6.4 % in 2023).",
        2024,
        KFF,
        KFF_URL,
        "A",
        "medicare_advantage",
    ),
    Benchmark(
        "overturned",
        "80.7 %",
        "Medicare Advantage, all kinds of care: 80.7 % of the denials that were appealed were "
        "overturned; 11.5 % of denials were appealed.",
        2024,
        KFF,
        KFF_URL,
        "B",
        "medicare_advantage",
    ),
    Benchmark(
        "delayed",
        "68 % wait 5 days or more",
        "92 % of radiation oncologists report delays; 68 % say that they last five days or more on "
        "average. A survey of opinion, not a count of days.",
        2024,
        ASTRO,
        ASTRO_URL,
        "A",
    ),
)


def benchmark_of(figure: str, line_of_business: str = "") -> Benchmark | None:
    """The published figure beside one of ours, where it speaks of this kind of plan."""
    return next(
        (b for b in BENCHMARKS if b.figure == figure and b.speaks_of(line_of_business)), None
    )

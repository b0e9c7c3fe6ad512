"""Examples about permission and filing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from coding.rules.examples.base import authorized, clean, example, insured
from coding.rules.facts import AuthorizedLine, ClaimFacts

DAY, END, BEGIN = date(2026, 6, 1), date(2025, 12, 31), date(2026, 1, 1)
NEW = {"legacy_guidance_codes": "77387"}


def lines(*given: AuthorizedLine) -> dict[str, Any]:
    return {"lines": given}


OLD = authorized(BEGIN, code="77014", modifier="")
OLD_DELIVERY = authorized(BEGIN, code="77385", modifier="")

EXAMPLES = (
    example("R48", "required, and nothing is there", "R48", base=insured(), **lines(),
            holds_unit=False, says="No authorization"),
    example("R48", "the payer denied the line", "R48", base=insured(),
            **lines(authorized(decision="denied")), holds_unit=False, says="denied"),
    example("R48", "the payer has not decided", "R48", base=insured(),
            **lines(authorized(decision="pended")), holds_unit=False, says="has not decided"),
    example("R48", "approved by telephone only", "R48", base=insured(),
            **lines(authorized(evidence="phone")), says="telephone only"),
    example("R48", "approved, and the letter is not attached", "R48", base=insured(),
            **lines(authorized(evidence="asserted")), says="without a document"),
    example("R48", "denied, and the letter is not attached", "R48", base=insured(),
            **lines(authorized(decision="denied", evidence="asserted")), holds_unit=False,
            says="denied"),
    example("R48", "approved, as a machine channel's file says", "", base=insured(),
            **lines(authorized(evidence="file"))),
    example("R48", "approved, shown by the portal", "", base=insured(),
            **lines(authorized(evidence="portal"))),
    example("R48", "approved with fewer units", "", base=insured(),
            **lines(authorized(decision="reduced"))),
    example("R48", "not required", ""),
    example("R48", "nobody knows whether it is required", "", base=insured(), **lines(),
            holds_unit=False, is_required=None),
    example("R48", "only the delivery is approved", "R48", base=insured(),
            **lines(authorized(code="77407", modifier="")), holds_unit=False,
            says="No authorization"),
    example("R48", "another line of the claim", "", base=insured(), **lines(), holds_unit=False,
            code="77336", modifiers=()),
    example("R49", "the authorization names the old code", "R49", base=insured(BEGIN),
            **lines(OLD), holds_unit=False),
    example("R49", "the old delivery code", "R49", base=insured(BEGIN), **lines(OLD_DELIVERY),
            holds_unit=False),
    example("R49", "the day before, the old code was right", "", base=insured(END), code="77014",
            **lines(authorized(END, code="77014")), legacy_guidance_codes="legacy"),
    example("R49", "the new code stands beside the old one", "", base=insured(),
            **lines(authorized(), authorized(code="77014"))),
    example("R49", "an old code by telephone proves nothing", "R48", base=insured(BEGIN),
            **lines(authorized(BEGIN, code="77014", evidence="phone")), holds_unit=False),
    example("R49", "another line of the claim", "", base=insured(BEGIN), **lines(OLD),
            holds_unit=False, code="77336", modifiers=()),
    example("R50", "all units are held by earlier sessions", "R50", base=insured(),
            holds_unit=False, says="All 28"),
    example("R50", "the letter names no units", "R50", base=insured(), holds_unit=False,
            **lines(authorized(units_approved=None)), says="All 0"),
    example("R50", "it holds one", "", base=insured()),
    example("R50", "not given, so it needs none", "R26", base=insured(), holds_unit=False,
            is_delivered=False, other_lines=()),
    example("R50", "not required", "", holds_unit=False),
    example("R50", "another line", "", base=insured(), holds_unit=False, code="77336",
            modifiers=()),
    example("R51", "the day after the window", "R51", base=insured(), holds_unit=False,
            **lines(authorized(valid_through=DAY - timedelta(days=1)))),
    example("R51", "the day before the window", "R51", base=insured(), holds_unit=False,
            **lines(authorized(valid_from=DAY + timedelta(days=1)))),
    example("R51", "the last day of the window", "", base=insured(),
            **lines(authorized(valid_through=DAY))),
    example("R51", "the first day of the window", "", base=insured(),
            **lines(authorized(valid_from=DAY))),
    example("R51", "a letter without dates", "", base=insured(),
            **lines(authorized(valid_from=None, valid_through=None))),
    example("R51", "not required", "",
            **lines(authorized(valid_through=DAY - timedelta(days=1)))),
    example("R51", "another line", "", base=insured(), code="77336", modifiers=(),
            **lines(authorized(valid_through=DAY - timedelta(days=1)))),
    example("R52", "two numbers in one course", "R52", base=insured(),
            **lines(authorized(), authorized(number="B2"))),
    example("R52", "two lines of one number", "", base=insured(),
            **lines(authorized(), authorized())),
    example("R52", "another line", "", base=insured(), code="77336", modifiers=(),
            **lines(authorized(), authorized(number="B2"))),
    example("R52", "not required", "", **lines(authorized(), authorized(number="B2"))),
    example("R53", "the line repeats the claim's number", "R53", base=insured(),
            claim=ClaimFacts("A1", "A1")),
    example("R53", "the line names another number", "", base=insured(),
            claim=ClaimFacts("A1", "B2")),
    example("R53", "the line names none", "", base=insured(), claim=ClaimFacts("A1", "")),
    example("R53", "neither names one", "", base=insured(), claim=ClaimFacts("", "")),
    example("R53", "no claim yet", "", base=insured()),
    example("R59", "authorized elsewhere", "R59", base=insured(),
            **lines(authorized(facility="NORTH"))),
    example("R59", "authorized here and elsewhere", "", base=insured(),
            **lines(authorized(facility="NORTH"), authorized())),
    example("R59", "the letter names no place", "", base=insured(),
            **lines(authorized(facility=""))),
    example("R59", "not required", "", **lines(authorized(facility="NORTH"))),
    example("R59", "another line", "", base=insured(), code="77336", modifiers=(),
            **lines(authorized(facility="NORTH"))),
    example("R54", "a day after the limit", "R54", deadline=DAY, judged_on=date(2026, 6, 2)),
    example("R54", "the last day", "R55", deadline=DAY, judged_on=DAY),
    example("R54", "no limit on file", "", deadline=None),
    example("R55", "fifteen days are left", "R55", deadline=date(2026, 6, 16), judged_on=DAY),
    example("R55", "sixteen days are left", "", deadline=date(2026, 6, 17), judged_on=DAY),
    example("R55", "nobody said when it is judged", "", deadline=DAY, judged_on=None),
    example("R54", "Medicare, a year to the day, asked a day later", "R54",
            base=clean(date(2026, 2, 28)), deadline=date(2027, 2, 28),
            judged_on=date(2027, 3, 1)),
)  # fmt: skip

"""The known mistakes of a payer that a line on a day at a place may meet."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from coding.rules.facts import PayerErrorFacts
from payers.models import KnownPayerError, Plan
from payers.spans import in_force


class KnownErrors:
    """The whole register, read once when it is first asked."""

    @cached_property
    def rows(self) -> list[KnownPayerError]:
        return list(KnownPayerError.objects.select_related("payer"))

    def of(
        self, plan: Plan | None, on: date, *, place_of_service: str, state: str
    ) -> tuple[PayerErrorFacts, ...]:
        """Those of the plan's payer on that day, at that place and in the state of the facility.

        An empty ``state`` is not known: a mistake of some states is then not assumed.
        """
        if plan is None:
            return ()
        return tuple(
            as_facts(row)
            for row in self.rows
            if in_force(row, on)
            and row.payer_id == plan.payer_id
            and row.line_of_business in ("", plan.line_of_business)
            and (not row.states or state in row.states)
            and (not row.places_of_service or place_of_service in row.places_of_service)
        )


def as_facts(row: KnownPayerError) -> PayerErrorFacts:
    return PayerErrorFacts(
        code=row.code,
        modifier=row.modifier,
        statement=row.statement,
        denial=row.denial,
        reprocessing_until=row.reprocessing_until,
        source=row.source,
    )

"""One scenario of an address as facts for the rulebook."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Facility
from accounts.readers import Unreadable, shown_text
from accounts.web.query_values import FIRST_DAY, LAST_DAY
from coding.code_book import CodeBook
from coding.models import Modifier, PlaceOfService
from coding.rules.facts import (
    AuthorizationFacts,
    AuthorizedLine,
    ChargeFacts,
    ClaimFacts,
    FilingFacts,
    LineFacts,
    OtherLine,
    PayerFacts,
)
from payers.known_errors.lookup import KnownErrors
from payers.may_we_bill.fields import BY_NAME, FIELDS
from payers.may_we_bill.values import SUPPOSED, Granted
from payers.models import Plan
from payers.policies.as_facts import deadline, payer_facts, service_of
from payers.policies.lookup import PolicyBook
from payers.policies.scope import Service

USUAL_START = time(10)
PHYSICIAN, ANOTHER, A_FILE = "1000000004", "1000000012", "another system"
REQUIRED = {
    "yes": (True, ""),
    "no": (False, ""),
    "unknown": (None, ""),
    "undecided": (None, SUPPOSED),
}
BY_LAW, BY_COMMITMENT = "by a state’s law", "by the insurers’ commitment of June 2025"
HONOURS = {
    "law": (BY_LAW, ""),
    "commitment": ("", BY_COMMITMENT),
    "both": (BY_LAW, BY_COMMITMENT),
}
CLAIMS = {
    "both": ClaimFacts("1", "1"),
    "claim": ClaimFacts("1", ""),
    "line": ClaimFacts("", "1"),
    "different": ClaimFacts("1", "2"),
}


@dataclass
class Books:
    """The books of the page, read once for all its scenarios."""

    policies: PolicyBook = field(default_factory=PolicyBook)
    codes: CodeBook = field(default_factory=CodeBook)
    errors: KnownErrors = field(default_factory=KnownErrors)
    plans: dict[str, Plan] = field(
        default_factory=lambda: {p.code: p for p in Plan.objects.select_related("payer")}
    )
    facilities: dict[str, Facility] = field(
        default_factory=lambda: {f.code: f for f in Facility.objects.all()}
    )
    places: list[PlaceOfService] = field(default_factory=lambda: list(PlaceOfService.objects.all()))
    modifiers: list[Modifier] = field(default_factory=lambda: list(Modifier.objects.all()))


@dataclass
class Scenario:
    """What was typed, what it means, and what of it cannot be read."""

    typed: dict[str, str]
    values: dict[str, Any]
    errors: dict[str, str]
    plan: Plan | None = None
    facility: Facility | None = None

    @classmethod
    def read(cls, typed: Mapping[str, str], books: Books) -> Scenario:
        """The scenario of these texts; a text that means nothing is an error in words."""
        scenario = cls(dict(typed), {}, {})
        for entry in FIELDS:
            text = typed.get(entry.name, "").strip()
            if not text:
                continue
            try:
                scenario.values[entry.name] = entry.kind.read(text)
            except Unreadable as error:
                scenario.errors[entry.name] = f"{entry.label}: {error}"
        scenario.plan = scenario.known("plan", books.plans)
        scenario.facility = scenario.known("facility", books.facilities)
        scenario.check_day()
        return scenario

    def known(self, name: str, rows: Mapping[str, Any]) -> Any:
        """The row of a key, where one is given."""
        key = self.values.get(name)
        if key and key not in rows:
            words = shown_text(key)
            self.errors[name] = f"{BY_NAME[name].label}: “{words}” is not known here."
        return rows.get(key or "")

    def check_day(self) -> None:
        """Without a code and a day of our books there is nothing to answer."""
        for name in ("code", "on"):
            if name not in self.values and name not in self.errors:
                self.errors[name] = f"{BY_NAME[name].label}: needed for an answer."
        on = self.values.get("on")
        if on and not FIRST_DAY <= on <= LAST_DAY:
            self.errors["on"] = (
                f"Date of service: {on} is outside {FIRST_DAY.year}–{LAST_DAY.year}."
            )

    @property
    def on(self) -> date:
        day: date = self.values["on"]
        return day

    def facts(self, books: Books, on: date | None = None) -> ChargeFacts:
        """The facts for the rulebook, on the day of the address or on another."""
        day = on or self.on
        made = self.typed_facts(ChargeFacts(day, LineFacts("")))
        service = self.service(made)
        made = dataclasses.replace(made, payer=self.payer(books, day, service))
        made = self.with_supposed_answers(made)
        if "lines" not in self.values:
            made = put(made, "day.other_lines", own_delivery(made))
        made = self.with_times(made)
        delivery = made.session.delivery_code
        made = put(made, "session.delivery_code_status", books.codes.status_of(delivery, day))
        others = [line.code for line in made.day.other_lines]
        return dataclasses.replace(
            made,
            authorization=self.authorization(made, books, service),
            claim=CLAIMS.get(self.values.get("claim", "")),
            unit_limit=books.codes.unit_limit(made.line.code, day),
            pair_edits=books.codes.pair_edits(made.line.code, others, day),
            pair_table=books.codes.pair_table(day),
            filing=FilingFacts(
                self.values.get("filed"), deadline(self.plan, day, books.policies, service)
            ),
        )

    def typed_facts(self, made: ChargeFacts, *, only: str = "") -> ChargeFacts:
        """The facts with all that was typed, or with what was typed of one part."""
        for entry in FIELDS:
            if entry.path.startswith(only or entry.path) and entry.name in self.values:
                made = put(made, entry.path, self.values[entry.name]) if entry.path else made
        return made

    def service(self, made: ChargeFacts) -> Service:
        """What the plan's policies are asked about; the state is the facility's."""
        state = self.values.get("state") or (self.facility.state if self.facility else "")
        return service_of(made, state=state.upper(), body_site=self.values.get("site", ""))

    def with_supposed_answers(self, made: ChargeFacts) -> ChargeFacts:
        """The payer's answers with those that were typed; what is supposed is not in doubt."""
        typed = {BY_NAME[name].path.removeprefix("payer.") for name in self.values}
        left = tuple(row for row in made.payer.undecided if row.topic not in typed)
        return self.typed_facts(put(made, "payer.undecided", left), only="payer.")

    def payer(self, books: Books, on: date, service: Service) -> PayerFacts:
        """The answers of the plan that day; of a payer without a plan only what is supposed."""
        if self.plan:
            place = self.values.get("place", "")
            known = books.errors.of(self.plan, on, place_of_service=place, state=service.state)
            answers = payer_facts(self.plan, on, books.policies, service)
            return dataclasses.replace(answers, known_errors=known)
        payer = self.values.get("payer", "").lower()
        named = payer or self.values.get("lob")
        return PayerFacts(payer=payer, has_coverage=True if named else None)

    def with_times(self, made: ChargeFacts) -> ChargeFacts:
        """Moments and days, each counted from the start of the treatment."""
        given, day = self.values, made.date_of_service
        zone = self.facility.tz if self.facility else timezone.get_current_timezone()
        start = datetime.combine(day, given.get("started", USUAL_START), zone)
        moments = {
            "session.image_at": given.get("imaged"),
            "review.reviewed_at": given.get("reviewed"),
            "review.next_delivered_at": given.get("next"),
            "day.earlier_started_at": -given["earlier"] if "earlier" in given else None,
        }
        for path, offset in moments.items():
            at = None if offset is None else (start.astimezone(UTC) + offset).astimezone(zone)
            made = put(made, path, at)
        days = {"guidance_ordered_on": "ordered", "course_first_imaged_on": "first_imaged"}
        for attribute, name in days.items():
            if name in given:
                made = put(made, f"session.{attribute}", day - timedelta(days=given[name]))
        npi = PHYSICIAN if given.get("reviewer_npi") else ""
        before = {"same": PHYSICIAN, "other": ANOTHER}.get(given.get("earlier_reviewer", ""), "")
        made = put(made, "session.started_at", start if "started" in given else None)
        made = put(made, "session.facility", given.get("facility", ""))
        made = put(made, "review.reviewer_npi", npi)
        made = put(made, "review.reported_by", A_FILE if given.get("reported") else "")
        return put(made, "day.earlier_reviewer_npi", before)

    def authorization(
        self, made: ChargeFacts, books: Books, service: Service
    ) -> AuthorizationFacts:
        """What is required, and what was approved; a unit that is left belongs to an approval."""
        day, holds = made.date_of_service, bool(self.values.get("holds"))
        required = books.policies.is_required(self.plan, day, service)
        doubt = books.policies.requirement_doubt(self.plan, day, service)
        if "required" in self.values:
            required, doubt = REQUIRED[self.values["required"]]
        lines = tuple(dated(row, day) for row in self.values.get("authorized", ()))
        if holds and "authorized" not in self.values:
            here = made.session.facility
            lines = (usual_line(made.line.code, day, here),)
        law, commitment = HONOURS.get(self.values.get("honours", ""), ("", ""))
        return AuthorizationFacts(required, lines, holds, doubt, law, commitment)


def own_delivery(facts: ChargeFacts) -> tuple[OtherLine, ...]:
    """The delivery of the session as a line of the day, where nothing else is given."""
    code = facts.session.delivery_code if facts.session.is_delivered else ""
    return (OtherLine(code),) if code else ()


def usual_line(code: str, on: date, facility: str) -> AuthorizedLine:
    """An approval for that day with a unit for this session, proven by a letter."""
    return AuthorizedLine(
        code=code,
        number="number 1",
        valid_from=on,
        valid_through=on,
        units_approved=1,
        facility=facility,
        gives_unit=True,
    )


def dated(row: Granted, on: date) -> AuthorizedLine:
    """The line with its days in the calendar."""

    def day(offset: int | None) -> date | None:
        return None if offset is None else on + timedelta(days=offset)

    return dataclasses.replace(row.line, valid_from=day(row.start), valid_through=day(row.end))


def put(facts: ChargeFacts, path: str, value: Any) -> ChargeFacts:
    """The facts with one value replaced, named by its part and its name."""
    part, name = path.split(".")
    changed = dataclasses.replace(getattr(facts, part), **{name: value})
    return dataclasses.replace(facts, **{part: changed})

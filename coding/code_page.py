"""One code on a day: what it is, who may bill which part, limits, pairings, amounts, all cited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from coding.amounts import PAID, money, not_priced, published_amount, units_of_value
from coding.effective import Sourced
from coding.models import (
    CodeEdition,
    ConversionFactor,
    FeeScheduleRow,
    HospitalPayment,
    PairEdit,
    PlaceOfService,
    ProcedureCode,
    UnitLimit,
)
from coding.rules import Rule, in_force
from coding.rules.facts import GUIDANCE

STATUSES = {
    "A": "active: paid by Medicare",
    "B": "bundled: its payment is inside another service",
    "I": "not valid for Medicare",
    "C": "priced by each contractor",
    "N": "not covered",
    "R": "restricted coverage",
}
INDICATORS = {
    0: "never together",
    1: "together only with a distinct-service modifier",
    9: "withdrawn",
}
ADJUDICATION = {
    1: "per line",
    2: "absolute per day",
    3: "per day, open to proof",
}


@dataclass(frozen=True)
class Fact:
    """One cited statement: what about, what is true, who says so."""

    label: str
    value: str
    source: str = ""
    url: str = ""
    confidence: str = ""
    verified_on: date | None = None
    codes: tuple[str, ...] = ()
    span: str = ""


@dataclass
class Section:
    """Facts under one heading; where there are none, what is missing is said."""

    title: str
    facts: list[Fact] = field(default_factory=list)
    nothing: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class CodePage:
    """Everything about a code on a day."""

    code: ProcedureCode
    on: date
    edition: CodeEdition | None
    sections: tuple[Section, ...]

    def values(self) -> dict[tuple[str, str], str]:
        """Each statement by section and label, to hold two days side by side."""
        return {(s.title, f.label): f.value for s in self.sections for f in s.facts}


def cited(label: str, value: str, row: Sourced) -> Fact:
    return Fact(label, value, row.source, row.source_url, row.confidence, row.verified_on)


def page_of(code: ProcedureCode, on: date) -> CodePage:
    """The page of a code on a day, from the rows in force that day."""
    edition = code.editions.in_force(on).first()
    sections = (
        validity_section(code, edition, on),
        amounts(code.code, on),
        hospital_payment(code.code, on),
        unit_limits(code.code, on),
        pair_edits(code.code, on),
        settings(code, on),
    )
    return CodePage(code, on, edition, tuple(s for s in sections if s.facts or s.nothing))


def validity_section(code: ProcedureCode, edition: CodeEdition | None, on: date) -> Section:
    """Whether the code may be used that day, and what it means."""
    section = Section("What it is", anchor="meaning")
    if edition is None:
        section.nothing = f"Our book says nothing about {code} on {on:%-d %b %Y}."
        return section
    section.facts = [
        cited("Standing", edition.get_standing_display(), edition),
        cited("Meaning", edition.meaning, edition),
        cited("In force", edition.span, edition),
    ]
    if edition.replaced_by:
        section.facts.append(cited("Instead", ", ".join(edition.replaced_by), edition))
    if edition.includes_guidance:
        inside = "The equipment's part of image guidance is inside this code."
        section.facts.append(cited("Guidance", inside, edition))
    return section


def amounts(code: str, on: date) -> Section:
    """National Medicare amounts by component."""
    section = Section("National Medicare amount", anchor="national")
    rows = list(FeeScheduleRow.objects.in_force(on).filter(code=code).order_by("pk"))
    factor = ConversionFactor.objects.in_force(on).filter(track="standard").first()
    section.facts = [cited(component_phrase(row), amount_phrase(row, factor), row) for row in rows]
    if not rows:
        section.nothing = (
            f"No relative values for {on:%-d %b %Y} are loaded; those of other years are not used."
        )
    return section


def hospital_payment(code: str, on: date) -> Section:
    """What Medicare makes of the code on a hospital's own outpatient claim."""
    section = Section("Hospital outpatient", anchor="hospital")
    rows = HospitalPayment.objects.in_force(on).filter(code=code).order_by("pk")
    section.facts = [cited("Medicare pays the hospital", row.meaning, row) for row in rows]
    if not section.facts:
        section.nothing = f"No hospital payment (OPPS) for {on:%-d %b %Y} is loaded."
    return section


def component_phrase(row: FeeScheduleRow) -> str:
    names = {"": "Global", "26": "26, physician's part", "TC": "TC, equipment's part"}
    return names.get(row.modifier, row.modifier)


def amount_phrase(row: FeeScheduleRow, factor: ConversionFactor | None) -> str:
    """Dollars where Medicare pays, else why it does not."""
    status = f"status {row.status}, {STATUSES.get(row.status, 'see the file')}"
    if row.status not in PAID:
        return status
    outside = in_setting(row, factor, is_facility=False)
    inside = in_setting(row, factor, is_facility=True)
    if inside == outside:
        return f"{outside} ({status})"
    if not not_priced(row, is_facility=True):
        inside = f"in a facility {inside}"
    return f"{outside}; {inside} ({status})"


def in_setting(row: FeeScheduleRow, factor: ConversionFactor | None, *, is_facility: bool) -> str:
    """The amount in a facility or outside one, or that CMS publishes none there."""
    missing = not_priced(row, is_facility=is_facility)
    if missing:
        return missing
    units = units_of_value(row, is_facility=is_facility)
    if factor is None:
        return f"{units} RVU; no conversion factor of that day is loaded"
    dollars = published_amount(row, factor.dollars_per_rvu, is_facility=is_facility)
    return f"${money(dollars or Decimal(0)):,} = {units} RVU × {factor.dollars_per_rvu}"


def unit_limits(code: str, on: date) -> Section:
    """Published limits of units per day."""
    section = Section("Unit limit (MUE)", anchor="limits")
    rows = UnitLimit.objects.in_force(on).filter(code=code).order_by("pk")
    section.facts = [
        cited(
            row.get_table_display(),
            f"{row.units} a day, {ADJUDICATION[row.adjudication]} ({row.release})",
            row,
        )
        for row in rows
    ]
    if not section.facts:
        section.nothing = f"No unit limit for {on:%-d %b %Y} is loaded."
    return section


def pair_edits(code: str, on: date) -> Section:
    """Published pairings with other codes of the same day."""
    section = Section("Pairings (NCCI)", anchor="pairings")
    rows = PairEdit.objects.in_force(on).filter(column_one=code) | PairEdit.objects.in_force(
        on
    ).filter(column_two=code)
    section.facts = [
        cited(f"{r.column_one} / {r.column_two}", pairing_phrase(r), r) for r in rows.order_by("pk")
    ]
    if not section.facts:
        section.nothing = f"No pairing with this code is loaded for {on:%-d %b %Y}."
    return section


def pairing_phrase(row: PairEdit) -> str:
    provisional = ", provisional" if row.is_provisional else ""
    table = row.get_table_display().lower()
    return f"{INDICATORS[row.indicator]} ({table}, {row.release}{provisional})"


def settings(code: ProcedureCode, on: date) -> Section:
    """Who bills what in each setting: for guidance since 2026."""
    section = Section("By setting", anchor="settings")
    if code.code != GUIDANCE or on.year < 2026:
        return section
    section.facts = [
        cited(f"{row.code} {row.name}", row.note, row)
        for row in PlaceOfService.objects.all()
        if row.note
    ]
    return section


@dataclass(frozen=True)
class CodeDifference:
    """One statement on two days."""

    section: str
    label: str
    first: str
    second: str

    @property
    def is_different(self) -> bool:
        return self.first != self.second


def compare(first: CodePage, second: CodePage) -> list[CodeDifference]:
    """The two pages side by side, those statements first that differ."""
    one, two = first.values(), second.values()
    keys = dict.fromkeys([*one, *two])
    rows = [CodeDifference(s, n, one.get((s, n), "–"), two.get((s, n), "–")) for s, n in keys]
    return sorted(rows, key=lambda row: not row.is_different)


def rules_about(code: str, on: date) -> tuple[Rule, ...]:
    """The rules in force that day, when the code is one they judge."""
    return in_force(on) if code == GUIDANCE else mentioning(code, in_force(on))


def mentioning(code: str, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if code in rule.title)


def denials(rules: Sequence[Rule]) -> list[tuple[str, list[Rule]]]:
    """Which denial each rule prevents, by denial code."""
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        for code in rule.likely_denial:
            found.setdefault(code, []).append(rule)
    return sorted(found.items())

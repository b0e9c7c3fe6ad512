"""The page of a code as a coder reads it: an answer, what is asked daily, and the rest folded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q

from coding.amounts import PAID, Indices, money, not_priced, published_amount, units_of_value
from coding.code_page import INDICATORS, Fact, Section, component_phrase
from coding.models import (
    CodeFact,
    ConversionFactor,
    FacilityLocality,
    FeeScheduleRow,
    GeographicIndex,
    Modifier,
    PairEdit,
    UnitLimit,
)
from coding.rules.common import (
    BRACHYTHERAPY,
    DELIVERY,
    LEGACY_DELIVERY,
    LEGACY_GUIDANCE,
    STEREOTACTIC,
    STEREOTACTIC_MANAGEMENT,
    SUPERFICIAL,
)
from coding.rules.modifier_table import TABLE, ModifierUse

FAMILIES: tuple[tuple[str, frozenset[str]], ...] = (
    ("Delivery, levels 1 to 3", DELIVERY),
    ("Stereotactic delivery", STEREOTACTIC),
    ("Stereotactic management", STEREOTACTIC_MANAGEMENT),
    ("Planning", frozenset({"77295", "77301", "77306", "77307"})),
    ("Simulation", frozenset({"77280", "77285", "77290"})),
    ("Superficial treatment", SUPERFICIAL),
    ("Brachytherapy", BRACHYTHERAPY),
    ("Guidance of before 2026", LEGACY_GUIDANCE),
    ("Delivery of before 2026", LEGACY_DELIVERY),
    ("Stereotactic surgery", frozenset({"32701", "61796", "61798", "63620"})),
)
VISITS = "Visits"
OTHERS = "Other services"


@dataclass(frozen=True)
class FamilyPairs:
    """Codes of a family that the published table treats alike beside this code."""

    family: str
    codes: tuple[str, ...]
    state: str
    words: str
    span: str
    source: str
    confidence: str
    table: str
    release: str


@dataclass(frozen=True)
class Figure:
    """One figure of the answer: what it is, and what it rests on."""

    label: str
    value: str
    note: str


@dataclass
class CodeAnswer:
    """The answer at the head of the page: a sentence, the rest of it, and figures."""

    lead: str
    rest: str
    figures: list[Figure] = field(default_factory=list)


@dataclass(frozen=True)
class AllowedModifier:
    """A modifier of the one table that rules read, with the words of the book."""

    use: ModifierUse
    words: Modifier | None

    @property
    def use_in_words(self) -> str:
        return self.use.use.replace("_", " ")


def stated(code: str, on: date) -> dict[str, list[Fact]]:
    """The statements about a code in force on a day, by the section they belong to."""
    found: dict[str, list[Fact]] = defaultdict(list)
    for row in CodeFact.objects.in_force(on).filter(code=code):
        found[row.section].append(
            Fact(
                row.label,
                row.statement,
                row.source,
                row.source_url,
                row.confidence,
                row.verified_on,
                tuple(row.codes),
                row.span,
            )
        )
    return dict(found)


def family_of(code: str) -> str:
    if code.startswith("99"):
        return VISITS
    return next((name for name, codes in FAMILIES if code in codes), OTHERS)


def pairs_by_family(code: str, on: date) -> list[FamilyPairs]:
    """The published pairings of a day, those of one family that read alike in one line."""
    rows = PairEdit.objects.in_force(on).filter(Q(column_one=code) | Q(column_two=code))
    groups: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for row in rows.order_by("table", "column_one", "column_two"):
        is_paid = row.column_one == code
        other = row.column_two if is_paid else row.column_one
        key = (family_of(other), *words_of(row, is_paid=is_paid), row.span)
        groups[(*key, row.source, row.confidence, row.get_table_display(), row.release)].append(
            other
        )
    order = [name for name, _ in FAMILIES] + [VISITS, OTHERS]
    found = [FamilyPairs(family, tuple(codes), *rest) for (family, *rest), codes in groups.items()]
    unnamed = unnamed_delivery(found)
    return sorted([*unnamed, *found], key=lambda row: order.index(row.family))


def words_of(row: PairEdit, *, is_paid: bool) -> tuple[str, str]:
    """Whether this code is paid beside the other, and in which words."""
    if row.indicator == 0:
        return ("if", "paid; the other is not") if is_paid else ("no", "not paid")
    if row.indicator == 1:
        return ("if", "paid; the other with a modifier") if is_paid else ("if", "with a modifier")
    return "yes", INDICATORS[row.indicator]


def unnamed_delivery(found: Iterable[FamilyPairs]) -> list[FamilyPairs]:
    """The delivery codes no pairing of a loaded practitioner table names: paid beside them."""
    tables = [row for row in found if row.table == "Practitioner"]
    named = {code for row in tables for code in row.codes}
    left = tuple(sorted(DELIVERY - named))
    if not tables or not left:
        return []
    first = tables[0]
    return [
        FamilyPairs(
            *("Delivery, levels 1 to 3", left, "yes", "paid: no pairing names them"),
            *(first.span, first.source, first.confidence, first.table, first.release),
        )
    ]


def modifiers_of(on: date) -> list[AllowedModifier]:
    """The modifiers of the rules' own table in force that day, in the order of a line."""
    words = {row.code: row for row in Modifier.objects.all()}
    rows = [row for row in TABLE if row.is_in_force(on)]
    return [AllowedModifier(row, words.get(row.code)) for row in rows]


def locality_amounts(code: str, on: date) -> Section:
    """What Medicare pays in the localities of our facilities."""
    section = Section("Amounts of our localities")
    places = {row.locality for row in FacilityLocality.objects.in_force(on)}
    indices = GeographicIndex.objects.in_force(on).filter(locality__in=places)
    factor = ConversionFactor.objects.in_force(on).filter(track="standard").first()
    rows = list(FeeScheduleRow.objects.in_force(on).filter(code=code).order_by("modifier"))
    for place in indices:
        weighed = Indices(place.work, place.practice, place.malpractice)
        for row in rows:
            dollars = factor and priced(row, factor.dollars_per_rvu, weighed)
            if dollars:
                words = f"{component_phrase(row)}: ${money(dollars):,}"
                label = f"{place.locality} {place.name}".strip()
                section.facts.append(
                    Fact(label, words, place.source, place.source_url, place.confidence,
                         place.verified_on)
                )  # fmt: skip
    if not section.facts:
        section.nothing = "No locality of our facilities, or no indices (GPCI) of it, is loaded."
    return section


def priced(row: FeeScheduleRow, factor: Decimal, indices: Indices) -> Decimal | None:
    """The amount outside a facility, or in one where that alone is priced."""
    is_facility = bool(not_priced(row, is_facility=False))
    return published_amount(row, factor, is_facility=is_facility, indices=indices)


def answer_of_code(code: str, on: date, statements: dict[str, list[Fact]]) -> CodeAnswer | None:
    """The answer in two sentences and five figures; none where no statement is in the book."""
    said = statements.get("answer", [])
    if not said:
        return None
    fees = {row.modifier: row for row in FeeScheduleRow.objects.in_force(on).filter(code=code)}
    factor = ConversionFactor.objects.in_force(on).filter(track="standard").first()
    return CodeAnswer(
        said[0].label,
        " ".join([said[0].value, *(f"{fact.label} {fact.value}" for fact in said[1:])]),
        [
            amount_figure(fees.get("26"), factor),
            technical_figure(fees.get("TC")),
            units_figure(code, on),
            modifier_figure(fees.get("")),
            change_figure(code, on),
        ],
    )


def amount_figure(row: FeeScheduleRow | None, factor: ConversionFactor | None) -> Figure:
    dollars = row and factor and published_amount(row, factor.dollars_per_rvu, is_facility=True)
    if row is None or factor is None or not dollars:
        return Figure("National amount, 26", "none", "not loaded or not paid that day")
    total = units_of_value(row, is_facility=True)
    note = f"{total} RVU × {factor.dollars_per_rvu}"
    return Figure("National amount, 26", f"${money(dollars):,}", note)


def technical_figure(row: FeeScheduleRow | None) -> Figure:
    if row is None:
        return Figure("Technical part", "none", "no TC row is loaded that day")
    is_bundled = row.status == "B"
    return Figure(
        "Technical part", "bundled" if is_bundled else "apart", f"TC is status {row.status}"
    )


def modifier_figure(row: FeeScheduleRow | None) -> Figure:
    """Whether the line needs 26 in a hospital: where the file prices it there only with 26."""
    if row is None:
        return Figure("Modifier", "not known", "no unmodified row is loaded that day")
    if row.status in PAID and not_priced(row, is_facility=True):
        return Figure("Modifier", "26", "without it no price in a hospital")
    return Figure("Modifier", "none asked", f"the unmodified line is status {row.status}")


def units_figure(code: str, on: date) -> Figure:
    row = UnitLimit.objects.in_force(on).filter(code=code, table="practitioner").first()
    if row is None:
        return Figure("Units a day", "not known", "no table of that day is loaded")
    return Figure("Units a day", str(row.units), f"MAI {row.adjudication}, {row.release}")


def change_figure(code: str, on: date) -> Figure:
    """The next day on which a published row of the code begins, or is over."""
    books = (CodeFact, FeeScheduleRow, UnitLimit)
    days: list[tuple[date, str]] = []
    for book in books:
        for row in book.objects.filter(code=code):
            days += [(row.effective_from, "other values begin")]
            if row.effective_through:
                days += [(row.effective_through + timedelta(days=1), "values end")]
    factors = ConversionFactor.objects.filter(track="standard", effective_through__isnull=False)
    days += [(row.effective_through + timedelta(days=1), "conversion factor ends")
             for row in factors if row.effective_through]  # fmt: skip
    later = [(day, what) for day, what in days if day > on]
    if not later:
        return Figure("Next change", "none known", "in our books")
    day, what = min(later)
    return Figure("Next change", f"{day:%-d %b %Y}", what)


FOLDED = ("related", "workflow", "diagnoses", "who", "documentation")


def contents_of(page: dict[str, Any]) -> list[tuple[str, str]]:
    """The parts of the page by address and title, in the order in which they stand."""
    titles = dict(CodeFact.Section.choices)
    statements, panels = page["statements"], page["panels"]
    wanted: list[tuple[str, str, Any]] = [
        ("answer", "Answer", page["answer"]),
        ("payers", "Payers", panels.get("payers")),
        ("pairs", "Beside which services", page["pairs"]),
        *((name, titles[name], statements.get(name)) for name in FOLDED),
        ("units", "Units and frequency", True),
        ("settings", "Setting and place", page["published"].get("settings")),
        ("modifiers", "Modifiers", page["modifiers"]),
        ("amounts", "Amounts", True),
        ("benchmarks", "Benchmarks", statements.get("benchmarks")),
        ("denials", "Denials and fixes", page["rules"]),
        ("contradictions", "Where sources differ", page["contradictions"]),
        ("editions", "Editions", True),
        ("ours", "Our own charges", panels.get("ours")),
        ("unavailable", "Not available", statements.get("unavailable")),
    ]
    return [(anchor, title) for anchor, title, found in wanted if found]

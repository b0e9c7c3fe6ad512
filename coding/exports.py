"""The books as files: codes, everything about one code, the rulebook and its examples."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from accounts.exports.column import ExportColumn, Joined, columns
from accounts.exports.response import Tables
from accounts.models import User
from coding.extension_points import HOOKS
from coding.models import CodeEdition, ProcedureCode

LISTED = Joined(", ")
CODES = (
    ExportColumn("code", "0__code"),
    ExportColumn("kind", "0__get_kind_display"),
    ExportColumn("what it is", "0__short_description"),
    ExportColumn("standing", "1__get_standing_display"),
    ExportColumn("instead", "1__replaced_by", LISTED),
    ExportColumn("in force from", "1__effective_from"),
    ExportColumn("in force through", "1__effective_through"),
)
RULES = (
    ExportColumn("rule", "number"),
    ExportColumn("subject", "heading"),
    ExportColumn("what it says", "title"),
    ExportColumn("severity", "severity"),
    ExportColumn("since", "effective_from"),
    ExportColumn("through", "effective_through"),
    ExportColumn("who says so", "citation"),
    ExportColumn("address", "url"),
    ExportColumn("confidence", "confidence"),
    ExportColumn("likely denial", "likely_denial"),
)
EXAMPLES = columns("rule", "situation", "what differs", "this rule speaks", "bill", "rules")
FACTS = columns(
    "section", "about", "what is true", "who says so", "address", "confidence", "verified"
)
MODIFIERS = (
    ExportColumn("modifier", "use__code"),
    ExportColumn("use", "use_in_words"),
    ExportColumn("why", "use__why"),
    ExportColumn("name", "words__name"),
    ExportColumn("when", "words__when_to_use"),
    ExportColumn("before 2026", "words__before_2026"),
    ExportColumn("since 2026", "words__since_2026"),
    ExportColumn("conflicts", "words__conflicts"),
)
PAIRS = (
    ExportColumn("family", "family"),
    ExportColumn("codes", "codes", Joined(" ")),
    ExportColumn("this code is", "words"),
    ExportColumn("in force", "span"),
    ExportColumn("table", "table"),
    ExportColumn("release", "release"),
    ExportColumn("who says so", "source"),
    ExportColumn("confidence", "confidence"),
)
CONTRADICTIONS = (
    ExportColumn("about", "about"),
    ExportColumn("one says", "one"),
    ExportColumn("another says", "other"),
    ExportColumn("we use", "we_use"),
)
MENDING = (
    ExportColumn("denial", "situation"),
    ExportColumn("codes", "codes", Joined(" ")),
    ExportColumn("remarks", "remarks", Joined(" ")),
    ExportColumn("where it comes from", "cause"),
    ExportColumn("what mends it", "fix"),
)
EDITIONS = (
    ExportColumn("from", "effective_from"),
    ExportColumn("through", "effective_through"),
    ExportColumn("standing", "get_standing_display"),
    ExportColumn("meaning", "meaning"),
    ExportColumn("instead", "replaced_by", LISTED),
    ExportColumn("who says so", "source"),
)


def of_codes(rows: Sequence[tuple[ProcedureCode, CodeEdition | None]]) -> Tables:
    """The codes of a day as the page found them."""
    return {"codes": (CODES, rows)}


def of_rules(groups: Iterable[tuple[str, str, list[dict[str, Any]]]]) -> Tables:
    """The rules of a day, subject after subject."""
    return {"rules": (RULES, [rule for _, _, rules in groups for rule in rules])}


def of_rule(number: str, examples: Iterable[Any]) -> Tables:
    """The examples of a rule."""
    rows = [
        (
            number,
            example.why,
            "; ".join(f"{name}: {value}" for name, value in example.changes),
            "yes" if example.speaks else "no",
            example.bills,
            " ".join(example.finds),
        )
        for example in examples
    ]
    return {"examples": (EXAMPLES, rows)}


def of_code(page: dict[str, Any], user: User) -> Tables:
    """Every table of the page of a code, and those that other apps put there."""
    shown, other, on = page["page"], page["other"], page["on"]
    tables: dict[str, Any] = {
        "facts": (FACTS, [*facts_of(shown), *stated_rows(page["statements"])]),
        "pairs": (PAIRS, page["pairs"]),
        "modifiers": (MODIFIERS, page["modifiers"]),
        "rules": (RULES, page["rules"]),
        "denials": (columns("denial", "rule", "what it says"), denials_of(page)),
        "contradictions": (CONTRADICTIONS, page["contradictions"]),
        "mending": (MENDING, page["mending"]),
        "editions": (EDITIONS, list(page["editions"])),
    }
    if other:
        tables["beside"] = side_by_side(shown.on, other.on, page["differences"])
    for panel in HOOKS.panels:
        tables |= panel.tables(page["code"].code, on, user)
    return tables


def facts_of(shown: Any) -> list[tuple[Any, ...]]:
    return [
        (s.title, f.label, f.value, f.source, f.url, f.confidence, f.verified_on)
        for s in shown.sections
        for f in s.facts
    ]


def stated_rows(statements: dict[str, list[Any]]) -> list[tuple[Any, ...]]:
    """The statements of the book beside the published tables."""
    return [
        (section, f.label, f.value, f.source, f.url, f.confidence, f.verified_on)
        for section, facts in statements.items()
        for f in facts
    ]


def denials_of(page: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(key, r["number"], r["title"]) for key, rules in page["denials"] for r in rules]


def side_by_side(first: date, second: date, differences: Iterable[Any]) -> tuple[Any, list[Any]]:
    """Two days side by side."""
    heading = columns("section", "about", f"{first}", f"{second}", "differs")
    rows = [
        (d.section, d.label, d.first, d.second, "yes" if d.is_different else "no")
        for d in differences
    ]
    return heading, rows

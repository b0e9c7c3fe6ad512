"""The rulebook as a document: printed from the book, so that it cannot say anything else."""

from __future__ import annotations

from collections.abc import Iterator

from coding.rules import SUBJECTS, Rule, all_rules
from coding.rules.book import BEGINNING, Milder
from coding.rules.examples import examples_of
from coding.rules.examples.base import Example

HEAD = """# The rulebook

Printed from the book by `python3 manage.py print_rules`; a test keeps it true. Every rule is
dated by the date of service, cites who says so, and is shown on situations: where it speaks, and
where, a step aside, it is silent. Unless an example says otherwise, it is a session of Medicare
in a hospital on 2026-06-01: ordered, imaged by cone-beam CT, given as 77407, approved the same
day, billed as 77387-26.

| Severity | Means |
|---|---|
| STOP | cannot be released until it is mended, or a manager overrides it with a reason |
| HOLD | a coder decides, with a reason |
| WARN | can go, and is shown |
| NOTE | is told |

Confidence: A read in an official table, B a specialty society's, payer's or contractor's page, C
trade press, D field knowledge. A rule of grade D never stops, unless it is plain logic.
Where a rule speaks less strongly than its heading, its example says how.
"""
ORDER = {
    "eras": "Codes by date",
    "codes": "The code of a session",
    "modifiers": "Modifiers 26 and TC",
    "marks": "Other modifiers",
    "policies": "What the policies on file cannot answer",
    "combinations": "What stands beside it",
    "pairings": "Published pairings and other lines of the day",
    "units": "Units",
    "documentation": "The record",
    "times": "The order of times",
    "authorization": "Authorization",
    "filing": "Filing",
}


def rulebook_as_markdown() -> str:
    """The whole book, subject by subject."""
    return "\n".join([HEAD, *(line for module in SUBJECTS for line in chapter(module.__name__))])


def chapter(module: str) -> Iterator[str]:
    subject = module.rsplit(".", 1)[-1]
    yield f"## {ORDER[subject]}\n"
    for rule in all_rules():
        if rule.subject == subject:
            yield from article(rule)


def article(rule: Rule) -> Iterator[str]:
    """One rule: its title, its facts in a line, its examples."""
    yield f"### {rule.number} – {rule.title}\n"
    yield f"**{rule.severity.name}** · {span(rule)} · {source(rule)} · confidence {rule.confidence}"
    if rule.likely_denial:
        yield f"· otherwise denied as {', '.join(rule.likely_denial)}"
    if rule.is_provisional:
        yield "· provisional, until the official table is loaded"
    yield ""
    for found in examples_of(rule.number):
        verb = speaks_as(rule, found) if found.speaks else "is silent"
        bills = f" → {found.bills}" if found.bills else ""
        yield f"- {verb}: {found.why}{bills}"
    yield ""


def speaks_as(rule: Rule, found: Example) -> str:
    """That the rule speaks, and how strongly where that is less than usual."""
    answer = rule.judge(found.facts)
    sentence = answer[0] if isinstance(answer, tuple) else answer
    return f"speaks as {sentence.severity.name}" if isinstance(sentence, Milder) else "speaks"


def span(rule: Rule) -> str:
    """The dates of service it speaks about."""
    start = "" if rule.effective_from == BEGINNING else f"from {rule.effective_from}"
    end = f"through {rule.effective_through}" if rule.effective_through else ""
    return " ".join(part for part in (start, end) if part) or "always"


def source(rule: Rule) -> str:
    return f"[{rule.citation}]({rule.source_url})" if rule.source_url else rule.citation

"""The rulebook: every dated, cited check, how one is written down, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from coding.rules.facts import ChargeFacts
from coding.rules.sources import SOURCES

BEGINNING = date(2000, 1, 1)


class Severity(IntEnum):
    """How strongly a rule speaks, the strongest last."""

    NOTE = 0  # told
    WARN = 1  # can go, is shown
    HOLD = 2  # a coder decides, with a reason
    STOP = 3  # cannot be released


@dataclass(frozen=True, slots=True)
class Correction:
    """What would put the line right; ``None`` leaves that part as it is."""

    code: str | None = None
    modifiers: tuple[str, ...] | None = None
    units: int | None = None
    note: str = ""


class Milder(str):
    """A sentence that speaks less strongly than its rule does in general."""

    severity: Severity

    def __new__(cls, sentence: str, severity: Severity) -> Milder:
        made = super().__new__(cls, sentence)
        made.severity = severity
        return made


Answer = str | tuple[str, Correction] | None
Judge = Callable[[ChargeFacts], Answer]


@dataclass(frozen=True, slots=True)
class Rule:
    """One dated, cited check. Its number and key never change and are never reused."""

    number: str
    key: str
    title: str
    severity: Severity
    confidence: str  # A read in an official table … D field knowledge
    source: str
    likely_denial: tuple[str, ...]
    effective_from: date
    effective_through: date | None
    is_provisional: bool
    subject: str
    judge: Judge

    @property
    def citation(self) -> str:
        return SOURCES[self.source].citation

    @property
    def source_url(self) -> str:
        return SOURCES[self.source].url

    @property
    def sort_key(self) -> tuple[int, date]:
        return int(self.number[1:]), self.effective_from

    def is_in_force(self, on: date) -> bool:
        """Whether the rule speaks about services of that day."""
        return self.effective_from <= on and (
            self.effective_through is None or on <= self.effective_through
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says about one charge."""

    number: str
    key: str
    severity: Severity
    sentence: str
    correction: Correction | None
    likely_denial: tuple[str, ...]
    citation: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """All findings of one review, the strongest first, and the rulebook they come from."""

    findings: tuple[Finding, ...]
    rulebook_version: str

    @property
    def leading(self) -> Finding | None:
        return self.findings[0] if self.findings else None

    @property
    def disposition(self) -> str:
        """pass, WARN, HOLD or STOP: the highest severity; a note does not count."""
        top = self.findings[0].severity if self.findings else Severity.NOTE
        return "pass" if top == Severity.NOTE else top.name

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(finding.number for finding in self.findings)


_RULES: dict[str, Rule] = {}


def rule(
    number: str,
    key: str,
    title: str,
    *,
    severity: Severity,
    confidence: str,
    source: str,
    likely_denial: tuple[str, ...] = (),
    effective_from: date = BEGINNING,
    effective_through: date | None = None,
    is_provisional: bool = False,
) -> Callable[[Judge], Judge]:
    """Enter a function in the book. It answers None, a sentence, or a sentence and a correction."""

    def enter(judge: Judge) -> Judge:
        if key in _RULES:
            raise ValueError(f"The key {key} is taken.")
        _RULES[key] = Rule(
            number=number,
            key=key,
            title=title,
            severity=severity,
            confidence=confidence,
            source=source,
            likely_denial=likely_denial,
            effective_from=effective_from,
            effective_through=effective_through,
            is_provisional=is_provisional,
            subject=judge.__module__.rsplit(".", 1)[-1],
            judge=judge,
        )
        return judge

    return enter


def all_rules() -> tuple[Rule, ...]:
    """Every rule there ever was, by number."""
    return tuple(sorted(_RULES.values(), key=lambda entry: entry.sort_key))


def in_force(on: date) -> tuple[Rule, ...]:
    """The rules about services of that day, by number."""
    return tuple(entry for entry in all_rules() if entry.is_in_force(on))


def by_number(number: str) -> tuple[Rule, ...]:
    """The rules that ever carried a number, the earliest first."""
    return tuple(entry for entry in all_rules() if entry.number == number)


def findings(facts: ChargeFacts, rules: tuple[Rule, ...]) -> Iterator[Finding]:
    """What each of these rules says about the facts; nothing from those that are silent."""
    for entry in rules:
        answer = entry.judge(facts)
        if answer is None:
            continue
        sentence, correction = answer if isinstance(answer, tuple) else (answer, None)
        yield Finding(
            number=entry.number,
            key=entry.key,
            severity=sentence.severity if isinstance(sentence, Milder) else entry.severity,
            sentence=str(sentence),
            correction=correction,
            likely_denial=entry.likely_denial,
            citation=entry.citation,
            confidence=entry.confidence,
        )

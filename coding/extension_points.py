"""What the code pages show of the apps above: these enter themselves here when they are ready.

Arrows point down, so coding knows no payers and no charges; it only knows that somebody may tell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts.exports.response import Tables
from accounts.models import User
from coding.rules.facts import ChargeFacts, PayerFacts


@dataclass(frozen=True)
class Panel:
    """A piece of the code page: its template and what fills it; nothing where it has nothing.

    ``anchor`` is its place on the page: the panel “payers” stands open below the answer.
    ``tables`` are those of its tables that can be downloaded, by their names on the page.
    """

    template: str
    context: Callable[[str, date, User], dict[str, Any]]
    anchor: str
    title: str
    tables: Callable[[str, date, User], Tables] = lambda code, on, user: {}


@dataclass
class Hooks:
    """What was entered: panels of the code page, pages that answer questions about a
    code, plans to choose from, and their answers.

    ``after_import`` is told which codes have new published values since when, and answers in words.
    """

    panels: list[Panel] = field(default_factory=list)
    questions: list[tuple[str, str]] = field(default_factory=list)  # label, name of the page
    plan_choices: Callable[[], list[tuple[str, str]]] = list
    payer_facts: Callable[[str, ChargeFacts], PayerFacts] = lambda plan, facts: PayerFacts()
    after_import: Callable[[str, list[str], date], str] = lambda cause, codes, since: ""


HOOKS = Hooks()

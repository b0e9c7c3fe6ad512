"""What each rule means, by example: where it speaks and where, a step aside, it is silent."""

from __future__ import annotations

from coding.rules.examples import (
    authorization,
    codes,
    combinations,
    documentation,
    eras,
    marks,
    modifiers,
    pairings,
    policies,
    times,
    units,
)
from coding.rules.examples.base import Example

MODULES = (
    eras,
    codes,
    modifiers,
    marks,
    policies,
    combinations,
    pairings,
    units,
    documentation,
    times,
    authorization,
)
EXAMPLES: tuple[Example, ...] = tuple(found for module in MODULES for found in module.EXAMPLES)


def examples_of(number: str) -> tuple[Example, ...]:
    """The examples about a rule, those on which it speaks first."""
    mine = [found for found in EXAMPLES if found.about == number]
    return tuple(sorted(mine, key=lambda found: not found.speaks))

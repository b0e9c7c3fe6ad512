"""The examples hold, and no rule can be changed without one of them failing."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from coding.rules import SUBJECTS, Rule, Severity, all_rules, review
from coding.rules.book import BEGINNING
from coding.rules.examples import EXAMPLES, examples_of
from coding.rules.facts import ChargeFacts

RULES = all_rules()
NUMBERS = sorted({rule.number for rule in RULES})
PLAIN_LOGIC = {"R26", "R33", "R34", "R37", "R57"}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.about} {e.why}")
def test_each_example_finds_exactly_what_it_says(example):
    assert sorted(review(example.facts).numbers) == sorted(example.finds)


@pytest.mark.parametrize("number", NUMBERS)
def test_each_rule_speaks_in_one_example_and_is_silent_in_another(number):
    found = examples_of(number)
    assert any(example.speaks for example in found)
    assert not all(example.speaks for example in found)


def test_the_book_is_whole():
    assert [f"R{n:02d}" for n in range(1, len(NUMBERS) + 1)] == NUMBERS
    assert all(rule.citation and rule.title and rule.confidence in "ABCD" for rule in RULES)


def test_field_knowledge_stops_only_where_it_is_plain_logic():
    stops = {r.number for r in RULES if r.severity == Severity.STOP and r.confidence == "D"}
    assert stops <= PLAIN_LOGIC


def test_no_rule_speaks_outside_its_dates():
    for example in EXAMPLES:
        speaking = {
            rule.number: rule for rule in RULES if rule.is_in_force(example.facts.date_of_service)
        }
        assert set(review(example.facts).numbers) <= set(speaking)


def dated() -> list[tuple[Rule, str]]:
    first = [(rule, "from") for rule in RULES if rule.effective_from != BEGINNING]
    return first + [(rule, "through") for rule in RULES if rule.effective_through]


@pytest.mark.parametrize(("rule", "end"), dated(), ids=lambda v: getattr(v, "key", v))
def test_each_date_of_a_rule_is_held_by_an_example(rule, end):
    """Moved by a day in either direction, some example would fail."""
    inside = rule.effective_from if end == "from" else rule.effective_through
    outside = inside + timedelta(days=-1 if end == "from" else 1)
    spoken = [e for e in examples_of(rule.number) if e.facts.date_of_service == inside and e.speaks]
    assert spoken, f"no example on {inside}"
    kept = [e for e in EXAMPLES if e.facts.date_of_service == outside and rule.judge(e.facts)]
    assert kept or rule.key in KNOWS_ITS_DAY, (
        f"no example on {outside} on which only the date keeps the rule silent"
    )


Told = tuple[bool, bool, bool]


def told(judge: Callable[[ChargeFacts], object], example) -> Told:
    """Whether a judge speaks about an example, in its words, and proposes its line."""
    answer = judge(example.facts)
    sentence, correction = answer if isinstance(answer, tuple) else (answer, None)
    return (
        answer is not None,
        example.says in (sentence or ""),
        not example.bills or example.bills == proposed(example.facts, correction),
    )


def proposed(facts: ChargeFacts, correction) -> str:
    """The line of a correction as a claim writes it; what it leaves out stays as it was."""
    if correction is None:
        return ""
    modifiers = facts.line.modifiers if correction.modifiers is None else correction.modifiers
    return "-".join((correction.code or facts.line.code, *modifiers))


def holds(judge: Callable[[ChargeFacts], object], rule: Rule) -> bool:
    """Whether every example comes out as it says; a judge that breaks does not."""
    for example in EXAMPLES:
        is_own = example.about == rule.number
        try:
            speaks, in_words, proposes = told(judge, example)
        except Exception:  # a mutant may do anything
            return False
        is_asked = rule.is_in_force(example.facts.date_of_service)
        if is_asked and speaks != (rule.number in example.finds):
            return False
        if is_own and example.speaks and not (in_words and proposes):
            return False
    return True


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.number} {rule.key}")
def test_each_example_says_and_proposes_what_it_should(rule):
    assert holds(rule.judge, rule)


class Condition(ast.NodeTransformer):
    """Changes the nth place of a function where something is decided."""

    def __init__(self, wanted: int) -> None:
        self.wanted, self.seen = wanted, -1

    def is_it(self) -> bool:
        self.seen += 1
        return self.seen == self.wanted

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        if self.is_it():
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            return ast.copy_location(ast.BoolOp(other, node.values), node)
        for index in range(len(node.values)):
            if self.is_it():
                rest = [value for n, value in enumerate(node.values) if n != index]
                return rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        self.generic_visit(node)
        if self.is_it():
            node.test = ast.UnaryOp(ast.Not(), node.test)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        flipped = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
                   ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In,
                   ast.Is: ast.IsNot, ast.IsNot: ast.Is}  # fmt: skip
        kind = flipped.get(type(node.ops[0]))
        if kind and self.is_it():
            node.ops[0] = kind()
        return node


def mutants(rule: Rule) -> Iterator[tuple[int, Callable[[ChargeFacts], object]]]:
    """The rule's function with one decision changed, for each decision in it."""
    module = importlib.import_module(f"coding.rules.{rule.subject}")
    source = inspect.getsource(rule.judge)
    number = 0
    while True:
        tree = ast.parse(source)
        tree.body[0].decorator_list = []
        change = Condition(number)
        changed = ast.fix_missing_locations(change.visit(tree))
        if change.seen < number:
            return
        scope = dict(vars(module))
        exec(compile(changed, "mutant", "exec"), scope)
        yield number, scope[rule.judge.__name__]
        number += 1


# Changes that change nothing: what is dropped or turned follows from what stays.
SAME_ANYWAY: dict[str, set[int]] = {}
# The rule's own condition already knows the day.
KNOWS_ITS_DAY = {"authorized-in-deleted-codes"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.number} {rule.key}")
def test_no_condition_of_a_rule_can_change_unnoticed(rule):
    survivors = [number for number, mutant in mutants(rule) if holds(mutant, rule)]
    assert set(survivors) <= SAME_ANYWAY.get(rule.key, set()), survivors


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.number} {rule.key}")
def test_no_severity_of_a_rule_can_change_unnoticed(rule):
    """The verdict of some example in which it leads names its severity."""
    weaker = Severity(rule.severity - 1) if rule.severity else Severity.WARN
    changed = dataclasses.replace(rule, severity=weaker)
    leading = [
        example
        for example in EXAMPLES
        if set(example.finds) == {rule.number} and rule.judge(example.facts)
    ]
    assert leading, "no example in which it speaks alone"
    verdict = review(leading[0].facts)
    assert verdict.disposition == (rule.severity.name if rule.severity else "pass")
    assert verdict.findings[0].severity != changed.severity


def test_every_rule_belongs_to_a_subject():
    names = {module.__name__.rsplit(".", 1)[-1] for module in SUBJECTS}
    assert {rule.subject for rule in RULES} == names

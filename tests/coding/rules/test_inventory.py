"""Nothing is stored and never judged: a rule reads each fact, or it is named with the reason."""

from __future__ import annotations

import ast
import dataclasses
from pathlib import Path

from coding.rules import facts as plain

RULES = Path(plain.__file__).parent
NOT_RULES = {"serialize.py", "printing.py", "book.py", "mending.py"}
PARTS = (
    plain.LineFacts,
    plain.PayerFacts,
    plain.SessionFacts,
    plain.ReviewFacts,
    plain.OtherLine,
    plain.DayFacts,
    plain.AuthorizedLine,
    plain.AuthorizationFacts,
    plain.UnitLimitFacts,
    plain.PairEditFacts,
    plain.FilingFacts,
    plain.ClaimFacts,
    plain.ChargeFacts,
)
UNREAD: dict[str, str] = {
    "AuthorizedLine.units_used": "the ledger moves every day; holds_unit is what this session has",
    "PayerFacts.plan": "shown; the values of its policies are facts of their own",
    "PayerFacts.diagnosis_order": "the order of pointers is made on the claim, not on the charge",
    "SessionFacts.session_of_day": "an earlier session shows in earlier_units, whatever its number",
}


def names_read() -> set[str]:
    """Every attribute that some rule looks at."""
    found: set[str] = set()
    for path in RULES.glob("*.py"):
        if path.name not in NOT_RULES:
            nodes = ast.walk(ast.parse(path.read_text()))
            found |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return found


def stored() -> set[str]:
    """Every fact of a charge as it is stored."""
    return {f"{part.__name__}.{field.name}" for part in PARTS for field in dataclasses.fields(part)}


def test_every_stored_fact_is_read_by_a_rule_or_named_with_a_reason():
    read = names_read()
    unread = {name for name in stored() if name.split(".")[1] not in read}
    assert unread == set(UNREAD)
    assert all(UNREAD.values())

"""What must hold at any moment, after any history."""

from authorizations.invariants.cases import CASES
from authorizations.invariants.question import Invariant, broken
from authorizations.invariants.records import RECORDS

__all__ = ["INVARIANTS", "Invariant", "broken"]

INVARIANTS = (*CASES, *RECORDS)

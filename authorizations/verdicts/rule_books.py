"""The books that all charges of one judgement share, read once."""

from __future__ import annotations

from dataclasses import dataclass, field

from coding.code_book import CodeBook
from payers.known_errors.lookup import KnownErrors
from payers.policies.lookup import PolicyBook


@dataclass
class RuleBooks:
    """Everything that is the same for all charges of one judgement."""

    policies: PolicyBook = field(default_factory=PolicyBook)
    codes: CodeBook = field(default_factory=CodeBook)
    errors: KnownErrors = field(default_factory=KnownErrors)

"""Who pays: payers, their plans, and what each asks for, dated and cited."""

from __future__ import annotations

from payers.amounts.reductions import PaymentReduction
from payers.directory.directory_entry import DirectoryEntry, DirectoryReport
from payers.known_errors.known_payer_error import KnownPayerError
from payers.letters.letter_template import LetterKind, LetterTemplate
from payers.lines_of_business import LineOfBusiness
from payers.models.payers import Issuer, Payer, Plan
from payers.models.policies import (
    AuthorizationPolicy,
    AuthorizationPolicyRequirement,
    CodingPolicy,
    CodingPolicyTopic,
)
from payers.models.rates import ContractRate
from payers.models.scopes import Component, FacilityType, Scoped
from payers.published import PublishedMetric

__all__ = [
    "AuthorizationPolicy",
    "AuthorizationPolicyRequirement",
    "CodingPolicy",
    "CodingPolicyTopic",
    "Component",
    "ContractRate",
    "DirectoryEntry",
    "DirectoryReport",
    "FacilityType",
    "Issuer",
    "KnownPayerError",
    "LetterKind",
    "LetterTemplate",
    "LineOfBusiness",
    "Payer",
    "PaymentReduction",
    "Plan",
    "PublishedMetric",
    "Scoped",
]

"""Which file fills which table, what names a row, and which of its columns name other rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Model

from coding import models as coding
from payers import models as payers
from payers.models.scopes import SCOPE_COLUMNS

NAMED_BY = {
    coding.ProcedureCode: "code",
    payers.Payer: "key",
    payers.Issuer: "key",
    payers.Plan: "code",
}
PAYER_AND_ISSUER: Mapping[str, type[Model]] = {"payer": payers.Payer, "issuer": payers.Issuer}
PAYER_AND_PLAN: Mapping[str, type[Model]] = {**PAYER_AND_ISSUER, "plan": payers.Plan}
SCOPE = SCOPE_COLUMNS


@dataclass(frozen=True)
class Book:
    """One table and its file. ``nested``: the table's rows are a list inside each row of the file;
    ``without`` is such a list that another book reads.
    """

    file: str
    model: type[Model]
    key: tuple[str, ...]
    links: Mapping[str, type[Model]] = field(default_factory=dict)
    nested: str = ""
    without: str = ""
    needs_source: bool = True

    @property
    def name(self) -> str:
        return str(self.model._meta.verbose_name_plural)


BOOKS = (
    Book("codes.yaml", coding.ProcedureCode, ("code",), without="editions", needs_source=False),
    Book(
        "codes.yaml",
        coding.CodeEdition,
        ("code", "effective_from"),
        {"code": coding.ProcedureCode},
        nested="editions",
    ),
    Book("code_facts.yaml", coding.CodeFact, ("code", "section", "label", "effective_from")),
    Book("modifiers.yaml", coding.Modifier, ("code",)),
    Book("places_of_service.yaml", coding.PlaceOfService, ("code",)),
    Book("diagnoses.csv", coding.DiagnosisCode, ("code",), needs_source=False),
    Book("unit_limits.yaml", coding.UnitLimit, ("code", "table", "effective_from")),
    Book(
        "pair_edits.yaml",
        coding.PairEdit,
        ("table", "column_one", "column_two", "effective_from"),
    ),
    Book("fee_schedule.yaml", coding.FeeScheduleRow, ("code", "modifier", "effective_from")),
    Book("hospital_payments.yaml", coding.HospitalPayment, ("code", "effective_from")),
    Book("geographic_indices.yaml", coding.GeographicIndex, ("locality", "effective_from")),
    Book("conversion_factors.yaml", coding.ConversionFactor, ("track", "effective_from")),
    Book(
        "payment_reductions.yaml",
        payers.PaymentReduction,
        ("line_of_business", "effective_from"),
    ),
    Book("payers.yaml", payers.Payer, ("key",)),
    Book("issuers.yaml", payers.Issuer, ("key",), {"payer": payers.Payer}),
    Book("plans.yaml", payers.Plan, ("code",), PAYER_AND_ISSUER),
    Book(
        "authorization_policies.yaml",
        payers.AuthorizationPolicy,
        (*SCOPE, "effective_from"),
        PAYER_AND_PLAN,
    ),
    Book(
        "payer_directory.yaml",
        payers.DirectoryEntry,
        ("plan", "issuer", "payer", "manager", "effective_from"),
        PAYER_AND_PLAN,
    ),
    Book(
        "letter_templates.yaml",
        payers.LetterTemplate,
        ("kind", "payer", "body_site", "technique", "effective_from"),
        {"payer": payers.Payer},
    ),
    Book(
        "known_payer_errors.yaml",
        payers.KnownPayerError,
        ("payer", "line_of_business", "code", "modifier", "statement", "effective_from"),
        {"payer": payers.Payer},
    ),
    Book(
        "coding_policies.yaml",
        payers.CodingPolicy,
        (*SCOPE, "topic", "effective_from"),
        PAYER_AND_PLAN,
    ),
)

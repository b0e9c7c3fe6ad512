"""Codes, limits, payers, plans and policies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from coding import models as coding
from payers import models as payers
from payers.published import PublishedMetric
from tests.factories.people import FacilityFactory, UserFactory


class Sourced(DjangoModelFactory):
    class Meta:
        abstract = True

    source = "A test"
    verified_on = date(2026, 11, 23)
    confidence = "A"


class Dated(Sourced):
    class Meta:
        abstract = True

    effective_from = date(2026, 1, 1)


class ProcedureCodeFactory(DjangoModelFactory):
    class Meta:
        model = coding.ProcedureCode
        django_get_or_create = ("code",)

    code = "77387"
    kind = "guidance"
    short_description = "Image guidance for one treatment"


class CodeEditionFactory(Dated):
    class Meta:
        model = coding.CodeEdition

    code = factory.SubFactory(ProcedureCodeFactory)
    standing = "valid"
    meaning = "Guidance of any kind"


class CodeFactFactory(Dated):
    class Meta:
        model = coding.CodeFact

    code = "77387"
    section = "documentation"
    position = 1
    label = "Order"
    statement = "Ordered before the first image"


class ModifierFactory(Sourced):
    class Meta:
        model = coding.Modifier

    code = "26"
    kind = "component"
    name = "Professional component"
    when_to_use = "The physician's part"


class PlaceOfServiceFactory(Sourced):
    class Meta:
        model = coding.PlaceOfService

    code = "22"
    name = "On-campus hospital"
    is_facility = True


class DiagnosisCodeFactory(DjangoModelFactory):
    class Meta:
        model = coding.DiagnosisCode
        django_get_or_create = ("code",)

    code = "C61"
    description = "Malignant neoplasm of prostate"
    is_malignancy = True


class UnitLimitFactory(Dated):
    class Meta:
        model = coding.UnitLimit

    code = "77387"
    table = "practitioner"
    units = 1
    adjudication = 3
    release = "2026 Q2"


class PairEditFactory(Dated):
    class Meta:
        model = coding.PairEdit

    table = "practitioner"
    column_one = "77373"
    column_two = "77387"
    indicator = 0
    release = "2024 Q3"


class FeeScheduleRowFactory(Dated):
    class Meta:
        model = coding.FeeScheduleRow

    code = "77387"
    modifier = "26"
    status = "A"
    work_rvu = Decimal("0.68")
    practice_rvu = Decimal("0.38")
    facility_practice_rvu = Decimal("0.38")
    malpractice_rvu = Decimal("0.03")
    release = "July 2026"


class ConversionFactorFactory(Dated):
    class Meta:
        model = coding.ConversionFactor

    dollars_per_rvu = Decimal("33.4009")


class PayerFactory(DjangoModelFactory):
    class Meta:
        model = payers.Payer
        django_get_or_create = ("key",)

    key = "aetna"
    name = factory.LazyAttribute(lambda p: p.key.capitalize())


class IssuerFactory(Dated):
    class Meta:
        model = payers.Issuer
        django_get_or_create = ("key",)

    key = "north"
    name = factory.LazyAttribute(lambda issuer: issuer.key.capitalize())
    payer = factory.SubFactory(PayerFactory)


class PlanFactory(DjangoModelFactory):
    class Meta:
        model = payers.Plan
        django_get_or_create = ("code",)

    code = "AET-TEST"
    name = factory.LazyAttribute(lambda p: f"{p.code} plan")
    payer = factory.SubFactory(PayerFactory)
    line_of_business = "commercial_self_funded"
    state = "IL"


class AuthorizationPolicyFactory(Dated):
    class Meta:
        model = payers.AuthorizationPolicy

    payer = factory.SelfAttribute("plan.payer")
    plan = factory.SubFactory(PlanFactory)
    requirement = "required"
    manager = "eviCore"


class CodingPolicyFactory(Dated):
    class Meta:
        model = payers.CodingPolicy

    payer = factory.SelfAttribute("plan.payer")
    plan = factory.SubFactory(PlanFactory)
    topic = "timely_filing"
    value = "120 days"


class ContractRateFactory(Dated):
    class Meta:
        model = payers.ContractRate

    plan = factory.SubFactory(PlanFactory)
    code = "77387"
    modifier = "26"
    amount = Decimal("40.00")


class KnownPayerErrorFactory(Dated):
    class Meta:
        model = payers.KnownPayerError

    payer = factory.SubFactory(PayerFactory)
    code = "77387"
    modifier = "26"
    statement = "denies the physician's part as bundled"


class DirectoryEntryFactory(Dated):
    class Meta:
        model = payers.DirectoryEntry

    payer = factory.SubFactory(PayerFactory)
    phone = "555-555-0142"
    hours = "Mon–Fri 07:00–19:00"
    time_zone = "America/Chicago"


class LetterTemplateFactory(Dated):
    class Meta:
        model = payers.LetterTemplate

    kind = "necessity"
    words = "About {patient}."


class DirectoryReportFactory(DjangoModelFactory):
    class Meta:
        model = payers.DirectoryReport

    entry = factory.SubFactory(DirectoryEntryFactory)
    what = "Nobody answers there"
    reported_by = factory.SubFactory("tests.factories.people.UserFactory")


class PaymentReductionFactory(Dated):
    class Meta:
        model = payers.PaymentReduction

    line_of_business = "medicare_ffs"
    program_share_percent = Decimal(80)
    percent = Decimal(2)


class GeographicIndexFactory(Dated):
    class Meta:
        model = coding.GeographicIndex

    locality = "06102-16"
    work = Decimal("1.010")
    practice = Decimal("1.050")
    malpractice = Decimal("1.500")
    release = "2026"


class HospitalPaymentFactory(Dated):
    class Meta:
        model = coding.HospitalPayment

    code = "77387"
    status_indicator = "N"
    release = "April 2026"


class FacilityLocalityFactory(Dated):
    class Meta:
        model = coding.FacilityLocality

    facility = factory.SubFactory(FacilityFactory)
    locality = "06102-16"


class PublishedMetricFactory(DjangoModelFactory):
    class Meta:
        model = PublishedMetric

    payer = factory.SubFactory(PayerFactory)
    line_of_business = "medicare_advantage"
    year = 2025
    metric = "standard_approved"
    value = Decimal("91.20")
    source_url = "https://payer.example.org/report-2025"
    entered_by = factory.SubFactory(UserFactory)

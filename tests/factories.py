"""Rows for tests, each in a state the app could reach."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from accounts import models as accounts
from accounts.constraints import npi_check_digit
from authorizations import models as authorizations
from coding import models as coding
from payers import models as payers

FIRST_DAY = date(2026, 10, 5)


def npi(number: int) -> str:
    """A made-up NPI with a right check digit."""
    nine = f"1{number:08d}"
    return nine + npi_check_digit(nine)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = accounts.User

    username = factory.Sequence(lambda n: f"person{n}")
    first_name = "Pat"
    last_name = factory.Sequence(lambda n: f"Sample{n}")
    password = factory.django.Password("correct horse battery")


class FacilityFactory(DjangoModelFactory):
    class Meta:
        model = accounts.Facility
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"FAC{n}")
    name = factory.LazyAttribute(lambda f: f"{f.code} Radiation Center")
    place_of_service = "22"
    npi = factory.Sequence(lambda n: npi(1000 + n))
    state = "IL"
    machines = ["TB1"]


class ProviderFactory(DjangoModelFactory):
    class Meta:
        model = accounts.Provider

    npi = factory.Sequence(lambda n: npi(500_000 + n))
    name = factory.Sequence(lambda n: f"Dr Example {n}")
    role = accounts.ProviderRole.RADIATION_ONCOLOGIST


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = accounts.Membership

    user = factory.SubFactory(UserFactory)
    facility = None
    role = accounts.Role.CODER


class AccessEventFactory(DjangoModelFactory):
    class Meta:
        model = accounts.AccessEvent

    by = factory.SubFactory(UserFactory)
    action = "view"
    page = "course_detail"


class SentFormFactory(DjangoModelFactory):
    class Meta:
        model = accounts.SentForm

    key = factory.Faker("uuid4")
    by = factory.SubFactory(UserFactory)


class SignInFailureFactory(DjangoModelFactory):
    class Meta:
        model = accounts.SignInFailure

    name = "somebody"


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


class PatientFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.Patient

    mrn = factory.Sequence(lambda n: f"70{n:06d}")
    last_name = factory.Sequence(lambda n: f"Specimen{n}")
    first_name = "Robin"
    date_of_birth = date(1960, 2, 29)
    sex = "F"


class CoverageFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.Coverage

    patient = factory.SubFactory(PatientFactory)
    plan = factory.SubFactory(PlanFactory)
    member_id = factory.Sequence(lambda n: f"M{n:09d}")
    effective_from = date(2026, 1, 1)


class CourseFactory(DjangoModelFactory):
    """A weekday course of 28 fractions, its patient covered by one plan."""

    class Meta:
        model = authorizations.Course

    code = factory.Sequence(lambda n: f"C70{n:06d}")
    patient = factory.SubFactory(PatientFactory)
    facility = factory.SubFactory(FacilityFactory)
    physician = factory.SubFactory(ProviderFactory)
    diagnosis = "C61"
    body_site = "prostate"
    technique = "IMRT"
    delivery_code = "77407"
    guidance_modality = "cbct"
    guidance_ordered_on = date(2026, 9, 28)
    fractions_planned = 28
    first_fraction_on = FIRST_DAY
    registered_by = factory.SubFactory(UserFactory)


class PriorAuthorizationFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.PriorAuthorization

    course = factory.SubFactory(CourseFactory)
    plan = factory.SubFactory(PlanFactory)
    facility = factory.SelfAttribute("course.facility")
    created_by = factory.SubFactory(UserFactory)


class AuthorizedServiceFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.AuthorizedService

    authorization = factory.SubFactory(PriorAuthorizationFactory)
    code = "77387"
    modifier = "26"
    units_requested = 28


class AuthorizationEventFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.AuthorizationEvent

    authorization = factory.SubFactory(PriorAuthorizationFactory)
    verb = "open"
    new_status = "draft"
    by = factory.SubFactory(UserFactory)


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.Contact

    authorization = factory.SubFactory(PriorAuthorizationFactory)
    channel = "phone"
    summary = "They look at it tomorrow"
    logged_by = factory.SubFactory(UserFactory)


class DocumentFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.Document

    authorization = factory.SubFactory(PriorAuthorizationFactory)
    kind = "approval_letter"
    content_type = "application/pdf"
    sha256 = "a" * 64
    size = 1000
    added_by = factory.SubFactory(UserFactory)


class GuidanceSessionFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.GuidanceSession

    course = factory.SubFactory(CourseFactory)
    facility = factory.SelfAttribute("course.facility")
    machine = "TB1"
    date_of_service = FIRST_DAY
    fraction = 1
    started_at = factory.LazyAttribute(
        lambda s: datetime(
            s.date_of_service.year,
            s.date_of_service.month,
            s.date_of_service.day,
            15,
            tzinfo=UTC,
        )
    )
    delivery_code = "77407"
    modalities = ["cbct"]
    image_at = factory.SelfAttribute("started_at")
    shift_lr_mm = Decimal("0.5")
    shift_si_mm = Decimal("-1.0")
    shift_ap_mm = Decimal("2.5")
    recorded_by = factory.SubFactory(UserFactory)


class ImageReviewFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.ImageReview

    session = factory.SubFactory(GuidanceSessionFactory)
    reviewed_at = factory.SelfAttribute("session.started_at")
    reviewed_by = factory.SubFactory(ProviderFactory)
    recorded_by = factory.SubFactory(UserFactory)


class BatchFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.Batch

    number = factory.Sequence(lambda n: n + 1)
    facility = factory.SubFactory(FacilityFactory)
    payer = factory.SubFactory(PayerFactory)
    units = 0
    amount = Decimal("0.00")
    created_by = factory.SubFactory(UserFactory)


class ChargeFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.Charge

    session = factory.SubFactory(GuidanceSessionFactory)
    facility = factory.SelfAttribute("session.facility")
    plan = factory.SubFactory(PlanFactory)
    date_of_service = factory.SelfAttribute("session.date_of_service")
    code = "77387"
    modifiers = ["26"]
    place_of_service = "22"


class CodingReviewFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.CodingReview

    charge = factory.SubFactory(ChargeFactory)
    facts = "{}"
    verdict = "{}"
    rulebook_version = "test"
    disposition = "pass"
    judged_by = factory.SubFactory(UserFactory)


class ChargeEventFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.ChargeEvent

    charge = factory.SubFactory(ChargeFactory)
    verb = "capture"
    new_status = "captured"
    by = factory.SubFactory(UserFactory)


class ImportRunFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.ImportRun

    kind = "treatments"
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    started_by = factory.SubFactory(UserFactory)


class ImportedRowFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.ImportedRow

    run = factory.SubFactory(ImportRunFactory)
    line = 2
    record = "RV1"
    outcome = "refused"
    kind = "bad_date"

"""Patients, courses, authorizations, sessions and charges."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from authorizations import models as authorizations
from authorizations.prior_authorizations.documents import store_content
from seeds.demo.letters import letter_as_pdf
from tests.factories.books import PayerFactory, PlanFactory
from tests.factories.people import FacilityFactory, ProviderFactory, UserFactory

FIRST_DAY = date(2026, 10, 5)


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


class PatientContactFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.PatientContact

    patient = factory.SubFactory(PatientFactory)
    name = "Kim Sample"
    role = "child"
    phone = "555-555-0177"


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

    class Params:
        content = factory.Sequence(lambda n: letter_as_pdf(f"Letter {n}"))

    authorization = factory.SubFactory(PriorAuthorizationFactory)
    kind = "approval_letter"
    content_type = "application/pdf"
    sha256 = factory.LazyAttribute(lambda document: store_content(document.content))
    size = factory.LazyAttribute(lambda document: len(document.content))
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


class MachineChannelFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.MachineChannel

    name = factory.Sequence(lambda n: f"Channel {n}")
    credential_hash = "b" * 64
    made_by = factory.SubFactory(UserFactory)


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


class TaskFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.Task

    queue = "overdue"
    course = factory.SubFactory(CourseFactory)
    opened_because = "A test"


class CoverageEventFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.CoverageEvent

    coverage = factory.SubFactory(CoverageFactory)
    verb = "added"
    changed_from = date(2026, 1, 1)
    reason = "A test"
    by = factory.SubFactory(UserFactory)


class RecordCorrectionFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.RecordCorrection

    record = "patient"
    row = 1
    patient = factory.SubFactory(PatientFactory)
    changes = [["last name", "Smit", "Smith"]]
    reason = "A test"
    by = factory.SubFactory(UserFactory)


class SavedViewFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.SavedView

    owner = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda n: f"View {n}")
    page = "charge_list"


class SessionCorrectionFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.SessionCorrection

    session = factory.SubFactory(GuidanceSessionFactory)
    changes = factory.LazyFunction(lambda: [["machine", "TB1", "TB2"]])
    reason = "A test"
    by = factory.SubFactory(UserFactory)


class MissedTreatmentFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.MissedTreatment

    course = factory.SubFactory(CourseFactory)
    facility = factory.SelfAttribute("course.facility")
    date_of_service = date(2026, 10, 30)
    reason = authorizations.MissedReason.NO_SHOW
    recorded_by = factory.SubFactory(UserFactory)

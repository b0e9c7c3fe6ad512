"""People and places."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from accounts import models as accounts
from accounts.database.constraints import npi_check_digit
from authorizations import models as authorizations


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


class KeptFormFactory(DjangoModelFactory):
    class Meta:
        model = accounts.KeptForm

    owner = factory.SubFactory(UserFactory)
    page = action = "/courses/new/"
    fields = factory.LazyFunction(lambda: [["body_site", ["Prostate"]]])


class SignInFailureFactory(DjangoModelFactory):
    class Meta:
        model = accounts.SignInFailure

    name = "somebody"


class JobRunFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.JobRun

    name = "tasks"
    due_at = factory.Sequence(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=n))


class MailChoiceFactory(DjangoModelFactory):
    class Meta:
        model = authorizations.MailChoice

    user = factory.SubFactory(UserFactory)


class DutySettingFactory(DjangoModelFactory):
    class Meta:
        model = accounts.DutySetting

    duty = "release-own-session"
    effective_from = date(2026, 1, 1)
    reason = "One coder works here until March."
    by = factory.SubFactory(UserFactory)


class ProposedChangeFactory(DjangoModelFactory):
    class Meta:
        model = accounts.ProposedChange

    kind = "role"
    person = factory.SubFactory(UserFactory)
    role = accounts.Role.CODER
    proposed_by = factory.SubFactory(UserFactory)

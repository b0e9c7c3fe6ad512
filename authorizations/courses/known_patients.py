"""Patients who are registered already: by MRN, and those like the one being typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max, Q, QuerySet
from django.forms import DateField

from accounts.models import User
from accounts.roles import Permission
from authorizations.models import Course, Coverage, Patient
from authorizations.models.searchable import NumberToSearch
from authorizations.worklists.search_terms import plain_number, plain_words

P = Permission
MOST_ALIKE = 5
AS_GOOD_AS_SAME = 0.7  # of two names written down; Jon and John, Barly and Barley are above it


@dataclass(frozen=True)
class EarlierCourse:
    """A course of the same patient: what was treated, and until when."""

    course: Course
    last_day: date | None


def registered_patients(user: User) -> QuerySet[Patient]:
    """Patients of the facilities where the person registers."""
    rows: QuerySet[Patient] = Patient.objects.for_user(user, P.REGISTER)
    return rows


def patient_of_mrn(mrn: str, user: User) -> Patient | None:
    """The registered patient of this MRN, where the person may register for them."""
    return registered_patients(user).filter(mrn=mrn.strip()).first()


def patients_alike(typed: Mapping[str, Any], user: User) -> list[Patient]:
    """Others born on the same day with a similar name, or with this member ID."""
    born, member = typed_date(typed.get("date_of_birth")), plain_number(typed.get("member_id", ""))
    ways = Q(date_of_birth=born) if born else Q()
    if len(member) > 3:
        cards = Coverage.objects.order_by().alias(plain=NumberToSearch("member_id"))
        ways |= Q(pk__in=cards.filter(plain=member).values("patient"))
    if not ways:
        return []
    rows = registered_patients(user).filter(ways).exclude(mrn=typed.get("mrn", "").strip())
    name = f"{typed.get('last_name', '')} {typed.get('first_name', '')}"
    cards_of = rows.prefetch_related("coverages")[:200]
    alike = [row for row in cards_of if has_card(row, member) or is_alike(row, name)]
    return alike[:MOST_ALIKE]


def has_card(patient: Patient, member: str) -> bool:
    """Whether the patient has a coverage with this member ID."""
    return any(plain_number(row.member_id) == member for row in patient.coverages.all())


def is_alike(patient: Patient, name: str) -> bool:
    """Whether the names are nearly the same, in whichever order."""
    given = plain_words(name)
    known = plain_words(f"{patient.last_name} {patient.first_name}")
    here, there = " ".join(sorted(given)), " ".join(sorted(known))
    is_nearly = SequenceMatcher(None, here, there).ratio() >= AS_GOOD_AS_SAME
    return is_nearly or bool(set(given) & set(known))


def typed_date(value: Any) -> date | None:
    """The day somebody typed, where it is one."""
    try:
        day: date | None = DateField(required=False).clean(value)
    except ValidationError:
        return None
    return day


def filled_in(patient: Patient, today: date) -> dict[str, Any]:
    """What a registration knows of a registered patient: who it is, and who pays first."""
    names = ("mrn", "last_name", "first_name", "date_of_birth", "sex")
    values: dict[str, Any] = {name: getattr(patient, name) for name in names}
    rows = patient.coverages.in_force(today).filter(rank=Coverage.Rank.PRIMARY)
    coverage = rows.select_related("plan").first()
    if coverage:
        values |= {
            "plan": coverage.plan.code,
            "member_id": coverage.member_id,
            "coverage_from": coverage.effective_from,
            "coverage_through": coverage.effective_through,
        }
    return values


def earlier_courses(
    patient: Patient, user: User, before: Course | None = None
) -> list[EarlierCourse]:
    """The patient's other courses that the person may see, begun before this one: their last day
    of treatment, the latest first.
    """
    rows = Course.objects.for_user(user, P.READ_CASES).filter(patient=patient)
    if before is not None:
        rows = rows.exclude(pk=before.pk).filter(first_fraction_on__lte=before.first_fraction_on)
    given = Q(sessions__is_delivered=True, sessions__voided_at__isnull=True)
    last = Max("sessions__date_of_service", filter=given)
    return [
        EarlierCourse(course, course.last_given)
        for course in rows.annotate(last_given=last).select_related("facility")
    ]

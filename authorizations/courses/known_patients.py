"""Patients who are registered already: by MRN, and those like the one being typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max, Q

from accounts.models import User
from accounts.roles import Permission
from authorizations.courses.offered_fields import plan_shown
from authorizations.models import Course, Coverage, Patient
from authorizations.models.patients import PatientQuerySet
from authorizations.models.searchable import NumberToSearch
from authorizations.web.day_fields import BirthField
from authorizations.worklists.search_terms import SHORTEST_NUMBER, plain_number, plain_words

P = Permission
MOST_ALIKE = 5
MOST_LOOKED_AT = 200
AS_GOOD_AS_SAME = 0.7  # of two names written down; Jon and John, Barly and Barley are above it


@dataclass(frozen=True)
class EarlierCourse:
    """A course of the same patient: what was treated, and until when."""

    course: Course
    last_day: date | None


def registered_patients(user: User) -> PatientQuerySet:
    """Patients of the facilities where the person registers."""
    rows: PatientQuerySet = Patient.objects.for_user(user, P.REGISTER)
    return rows


def patient_of_mrn(mrn: str, user: User) -> Patient | None:
    """The registered patient of this MRN, where the person may register for them."""
    return registered_patients(user).of_mrn(mrn.strip()).first()


def patients_alike(typed: Mapping[str, Any], user: User) -> list[Patient]:
    """Others born on the same day with a similar name, or with this member ID."""
    name = f"{typed.get('last_name', '')} {typed.get('first_name', '')}"
    cards = {plain_number(typed.get("member_id", ""))}
    born = typed_date(typed.get("date_of_birth"))
    return alike_of(typed.get("mrn", "").strip(), name, born, cards, user)


def possible_duplicates(patient: Patient, user: User) -> list[Patient]:
    """Other registered patients who may be the same person."""
    name = f"{patient.last_name} {patient.first_name}"
    cards = {plain_number(row.member_id) for row in patient.coverages.all()}
    return alike_of(patient.mrn, name, patient.date_of_birth, cards, user)


def alike_of(mrn: str, name: str, born: date | None, cards: set[str], user: User) -> list[Patient]:
    """The registered patients like this one, but not itself."""
    known_cards = {card for card in cards if len(card) >= SHORTEST_NUMBER}
    ways = Q(date_of_birth=born) if born else Q()
    if known_cards:
        plain = Coverage.objects.order_by().alias(plain=NumberToSearch("member_id"))
        ways |= Q(pk__in=plain.filter(plain__in=known_cards).values("patient"))
    if not ways:
        return []
    rows = registered_patients(user).filter(ways).exclude(mrn=mrn).prefetch_related("coverages")
    alike = [row for row in rows[:MOST_LOOKED_AT] if is_alike(row, name, known_cards)]
    return alike[:MOST_ALIKE]


def is_alike(patient: Patient, name: str, cards: set[str]) -> bool:
    """Whether a member ID is the same, or the names are nearly so, in whichever order."""
    if any(plain_number(row.member_id) in cards for row in patient.coverages.all()):
        return True
    given = plain_words(name)
    known = plain_words(f"{patient.last_name} {patient.first_name}")
    here, there = " ".join(sorted(given)), " ".join(sorted(known))
    is_nearly = SequenceMatcher(None, here, there).ratio() >= AS_GOOD_AS_SAME
    return is_nearly or bool(set(given) & set(known))


def typed_date(value: Any) -> date | None:
    """The day somebody typed, where it is one."""
    try:
        day: date | None = BirthField(required=False).clean(value)
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
            "plan": plan_shown(coverage.plan),
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
        rows = rows.exclude(pk=before.pk)
        if before.first_fraction_on is not None:
            rows = rows.filter(first_fraction_on__lte=before.first_fraction_on)
    given = Q(sessions__is_delivered=True, sessions__voided_at__isnull=True)
    last = Max("sessions__date_of_service", filter=given)
    return [
        EarlierCourse(course, course.last_given)
        for course in rows.annotate(last_given=last).select_related("facility")
    ]

"""Which records can be put right: their fields, whose they are, and who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse

from accounts.models import User
from accounts.roles import Permission, has_permission
from authorizations.courses.registration import may_register_for
from authorizations.models import (
    AskedItem,
    Contact,
    CorrectedRecord,
    Course,
    Coverage,
    Document,
    Patient,
    PatientContact,
    PriorAuthorization,
)

P = Permission


@dataclass(frozen=True)
class Correctable:
    """One kind of record: what of it may be put right, and where its page is."""

    record: str
    model: type[Model]
    fields: tuple[str, ...]
    permission: Permission
    course_of: Callable[[Any], Course | None]
    patient_of: Callable[[Any], Patient]
    page_of: Callable[[Any], str]

    def may(self, user: User, row: Any) -> bool:
        """Whether this person may put the record right."""
        course = self.course_of(row)
        if course is None:
            return may_register_for(self.patient_of(row), user)
        return has_permission(user, self.permission, course.facility)

    def rows_for(self, user: User) -> QuerySet[Any]:
        """The records of the patients or facilities where the person holds the permission."""
        courses = Course.objects.for_user(user, self.permission)
        path = COURSE_PATH[self.record]
        rows = self.model._default_manager.all()
        if path == "pk":
            return rows.filter(pk__in=courses)
        return rows.filter(**{f"{path}__in": courses}).distinct()


COURSE_PATH: dict[str, str] = {
    CorrectedRecord.PATIENT: "courses",
    CorrectedRecord.COVERAGE: "patient__courses",
    CorrectedRecord.COURSE: "pk",
    CorrectedRecord.SUBMISSION: "course",
    CorrectedRecord.CONTACT: "authorization__course",
    CorrectedRecord.DOCUMENT: "authorization__course",
    CorrectedRecord.SENT: "request__event__authorization__course",
    CorrectedRecord.PERSON: "patient__courses",
}


def course_page(course: Course) -> str:
    return reverse("course_detail", args=[course.pk])


def patient_page(patient: Patient) -> str:
    return reverse("patient_detail", args=[patient.pk])


def authorization_page(authorization: PriorAuthorization) -> str:
    return reverse("authorization_detail", args=[authorization.pk])


CORRECTABLE = {
    row.record: row
    for row in (
        Correctable(
            record=CorrectedRecord.PATIENT,
            model=Patient,
            fields=(
                *("mrn", "last_name", "first_name", "date_of_birth", "sex"),
                *("phone", "language", "died_on"),
            ),
            permission=P.REGISTER,
            course_of=lambda row: None,
            patient_of=lambda row: row,
            page_of=patient_page,
        ),
        Correctable(
            record=CorrectedRecord.COVERAGE,
            model=Coverage,
            fields=(
                *("plan", "member_id", "rank", "group_number", "relationship", "subscriber"),
                *("effective_from", "effective_through"),
            ),
            permission=P.REGISTER,
            course_of=lambda row: None,
            patient_of=lambda row: row.patient,
            page_of=lambda row: patient_page(row.patient),
        ),
        Correctable(
            record=CorrectedRecord.COURSE,
            model=Course,
            fields=(
                *("code", "physician", "diagnosis", "body_site", "technique", "delivery_code"),
                *("guidance_modality", "guidance_ordered_on", "fractions_planned"),
                *("fractions_per_day", "first_fraction_on", "has_motion_management"),
                "shift_tolerance_mm",
            ),
            permission=P.REGISTER,
            course_of=lambda row: row,
            patient_of=lambda row: row.patient,
            page_of=course_page,
        ),
        Correctable(
            record=CorrectedRecord.SUBMISSION,
            model=PriorAuthorization,
            fields=("channel", "reference", "received_on", "urgency", "urgency_reason"),
            permission=P.LOG_AUTHORIZATIONS,
            course_of=lambda row: row.course,
            patient_of=lambda row: row.course.patient,
            page_of=authorization_page,
        ),
        Correctable(
            record=CorrectedRecord.CONTACT,
            model=Contact,
            fields=("channel", "person", "reference", "summary"),
            permission=P.LOG_AUTHORIZATIONS,
            course_of=lambda row: row.authorization.course,
            patient_of=lambda row: row.authorization.course.patient,
            page_of=lambda row: authorization_page(row.authorization),
        ),
        Correctable(
            record=CorrectedRecord.SENT,
            model=AskedItem,
            fields=("what", "channel", "confirmation"),
            permission=P.LOG_AUTHORIZATIONS,
            course_of=lambda row: row.request.authorization.course,
            patient_of=lambda row: row.request.authorization.course.patient,
            page_of=lambda row: authorization_page(row.request.authorization),
        ),
        Correctable(
            record=CorrectedRecord.PERSON,
            model=PatientContact,
            fields=(
                *("name", "role", "phone", "npi", "may_hear"),
                *("is_called_first", "is_current"),
            ),
            permission=P.REGISTER,
            course_of=lambda row: None,
            patient_of=lambda row: row.patient,
            page_of=lambda row: patient_page(row.patient),
        ),
        Correctable(
            record=CorrectedRecord.DOCUMENT,
            model=Document,
            fields=("kind", "authorization"),
            permission=P.LOG_AUTHORIZATIONS,
            course_of=lambda row: row.authorization.course,
            patient_of=lambda row: row.authorization.course.patient,
            page_of=lambda row: authorization_page(row.authorization),
        ),
    )
}

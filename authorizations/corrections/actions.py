"""Putting a record right: the old values are kept, what rests on it is judged again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User
from authorizations.corrections.records import CORRECTABLE, Correctable
from authorizations.courses.registration import clock
from authorizations.exceptions import Refused
from authorizations.models import (
    WAITING,
    CorrectedRecord,
    Course,
    Coverage,
    CoverageEvent,
    CoverageVerb,
    PriorAuthorization,
    RecordCorrection,
)
from authorizations.verdicts.judge_course import judge_course
from authorizations.worklists.sync_tasks import sync_course


@transaction.atomic
def correct_record(
    *, record: str, row: Any, values: dict[str, Any], reason: str, by: User
) -> RecordCorrection | None:
    """Give a record the values it should have had; None where nothing differs.

    Open charges that rest on it are judged again, released ones are marked. Raises Refused without
    a reason, for who may not, and for values that cannot be.
    """
    kind = CORRECTABLE[record]
    fresh = kind.model._base_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if not kind.may(by, fresh):
        raise Refused("Only who registers or logs where the patient is treated corrects this.")
    if not reason.strip():
        raise Refused("Say what was wrong, and how you know: it stands beside the correction.")
    before = {name: getattr(fresh, name) for name in kind.fields}
    changes = changed_values(kind, fresh, values)
    if not changes:
        return None
    course = kind.course_of(fresh)
    for name, value in values.items():
        setattr(fresh, name, value)
    save_valid(fresh, list(values))
    correction = RecordCorrection.objects.create(
        record=record,
        row=fresh.pk,
        patient=kind.patient_of(fresh),
        course=course,
        changes=changes,
        reason=reason.strip()[:200],
        by=by,
    )
    AFTER.get(record, nothing_follows)(fresh, before, reason.strip(), by)
    return correction


def changed_values(kind: Correctable, row: Any, values: dict[str, Any]) -> list[list[str]]:
    """Each value that differs: its label, before and after, in words."""
    unknown = set(values) - set(kind.fields)
    if unknown:
        raise Refused(f"{', '.join(sorted(unknown))} cannot be corrected here.")
    return [
        [field_label(kind, name), as_words(row, name), as_words(row, name, value)]
        for name, value in values.items()
        if getattr(row, name) != value
    ]


def field_label(kind: Correctable, name: str) -> str:
    field: Any = kind.model._meta.get_field(name)
    return str(field.verbose_name)


NOT_GIVEN = object()


def as_words(row: Any, name: str, value: Any = NOT_GIVEN) -> str:
    """A value as people read it: the label of a choice, a day as it is written."""
    shown = getattr(row, name) if value is NOT_GIVEN else value
    choices: dict[Any, Any] = dict(row._meta.get_field(name).flatchoices)
    if isinstance(shown, bool):
        return "yes" if shown else "no"
    return str(choices.get(shown, "" if shown is None else shown)) or "nothing"


def save_valid(row: Any, names: list[str]) -> None:
    """Save these values. Raises Refused with what the record or the database does not allow."""
    try:
        row.full_clean()
        with transaction.atomic():
            row.save(update_fields=names)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    except IntegrityError as error:
        raise Refused(
            "Another record stands in the way: it already has this number, or these dates."
        ) from error


def nothing_follows(row: Any, before: dict[str, Any], reason: str, by: User) -> None:
    """No charge rests on these values."""


def after_coverage(row: Coverage, before: dict[str, Any], reason: str, by: User) -> None:
    """All courses of the patient are judged again from the first day that is paid otherwise."""
    first: date = min(row.effective_from, before["effective_from"])
    CoverageEvent.objects.create(
        coverage=row, verb=CoverageVerb.CORRECTED, changed_from=first, reason=reason[:200], by=by
    )
    for course in Course.objects.filter(patient=row.patient_id).select_related("facility"):
        judge_course(course, by=by, cause="A coverage was corrected.")


def after_course(row: Course, before: dict[str, Any], reason: str, by: User) -> None:
    judge_course(row, by=by, cause="The course was corrected.")
    sync_course(row)


def after_submission(
    row: PriorAuthorization, before: dict[str, Any], reason: str, by: User
) -> None:
    """While the payer has not answered, its clock runs from when it really received the request."""
    if row.status not in WAITING or row.received_on is None:
        return
    zone = row.course.facility.time_zone
    due = clock(row.plan, row.received_on, zone, urgency=row.urgency, channel=row.channel)
    row.due_at, row.clock_rule = (due.due_at, due.rule) if due else (None, "")
    row.save(update_fields=["due_at", "clock_rule"])


def after_document(row: Any, before: dict[str, Any], reason: str, by: User) -> None:
    """What a letter proves goes with it: the courses of both requests are judged again."""
    courses = {row.authorization.course_id, before["authorization"].course_id}
    for course in Course.objects.filter(pk__in=courses).select_related("facility").order_by("pk"):
        judge_course(course, by=by, cause="A document was corrected.")


AFTER: dict[str, Callable[[Any, dict[str, Any], str, User], None]] = {
    CorrectedRecord.COVERAGE: after_coverage,
    CorrectedRecord.COURSE: after_course,
    CorrectedRecord.SUBMISSION: after_submission,
    CorrectedRecord.DOCUMENT: after_document,
}

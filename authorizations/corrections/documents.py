"""A document of another patient: moved to the right request, or struck; its file is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Q
from django.utils import timezone

from accounts.models import AccessEvent, User
from accounts.readers import read_row_number
from accounts.roles import Permission, has_permission
from authorizations.exceptions import Refused
from authorizations.models import (
    Charge,
    ChargeStatus,
    CorrectedRecord,
    Course,
    Document,
    PriorAuthorization,
    RecordCorrection,
)
from authorizations.models.searchable import NumberToSearch
from authorizations.prior_authorizations.documents import (
    is_unproved,
    prove_with_document,
)
from authorizations.verdicts.judge_course import judge_course
from authorizations.verdicts.locks import lock_patients
from authorizations.worklists.search_terms import plain_number

WHY = "Say what was wrong, and how you know: it stays beside the document."


@transaction.atomic
def move_document(
    *, document: Document, to: PriorAuthorization, reason: str, by: User
) -> RecordCorrection:
    """Put a document under the request it belongs to, of whichever patient.

    What it proved there it proves no longer; what it proves here it proves now. Open charges of
    both courses are judged again, released ones are marked. Raises Refused without a reason, for
    who logs at only one of the facilities, and where the same file is there already.
    """
    lock_patients({document.authorization.course.patient_id, to.course.patient_id})
    fresh = document_as_it_is(document, reason, by)
    before = fresh.authorization
    if before.pk == to.pk:
        raise Refused("The document is already under this request.")
    refuse_who_does_not_log(to, by)
    was_unproved = is_unproved(to)
    fresh.authorization = to
    try:
        with transaction.atomic():
            fresh.save(update_fields=["authorization"])
    except IntegrityError as error:
        raise Refused(
            "The same file is already under that request: strike this one instead."
        ) from error
    kept = write_move(fresh, before, to, reason, by)
    if was_unproved:
        prove_with_document(fresh, by)
    judge_again({before.course_id, to.course_id}, by, "A document was moved.")
    return kept


def write_move(
    document: Document, before: PriorAuthorization, to: PriorAuthorization, reason: str, by: User
) -> RecordCorrection:
    """One line on each patient's page; neither names the other patient."""
    if before.course.patient_id == to.course.patient_id:
        return write_correction(document, before, "moved", str(to), reason, by)
    left = write_correction(document, before, "moved", "another patient", reason, by)
    write_correction(document, to, "came", "from another patient", reason, by)
    return left


@transaction.atomic
def strike_document(*, document: Document, reason: str, by: User) -> RecordCorrection:
    """The document proves nothing any more and is not shown; file and read log are kept."""
    fresh = document_as_it_is(document, reason, by)
    fresh.struck_at, fresh.struck_by = timezone.now(), by
    fresh.struck_reason = reason.strip()[:200]
    fresh.save(update_fields=["struck_at", "struck_by", "struck_reason"])
    kept = write_correction(fresh, fresh.authorization, "struck", "not of this patient", reason, by)
    judge_again({fresh.authorization.course_id}, by, "A document was struck.")
    return kept


@transaction.atomic
def restore_document(*, document: Document, reason: str, by: User) -> RecordCorrection:
    """A document that was struck by mistake proves again what it says."""
    fresh = document_as_it_is(document, reason, by, is_struck=True)
    fresh.struck_at, fresh.struck_by, fresh.struck_reason = None, None, ""
    try:
        with transaction.atomic():
            fresh.save(update_fields=["struck_at", "struck_by", "struck_reason"])
    except IntegrityError as error:
        raise Refused("The same file was attached again since: nothing is to be done.") from error
    kept = write_correction(fresh, fresh.authorization, "struck", "put back", reason, by)
    judge_again({fresh.authorization.course_id}, by, "A struck document was put back.")
    return kept


def document_as_it_is(
    document: Document, reason: str, by: User, *, is_struck: bool = False
) -> Document:
    """The document as it is now, for who logs at its facility and says why. Raises Refused."""
    fresh: Document = Document.with_struck.select_for_update(of=("self",)).get(pk=document.pk)
    refuse_who_does_not_log(fresh.authorization, by)
    if not reason.strip():
        raise Refused(WHY)
    if (fresh.struck_at is not None) != is_struck:
        raise Refused("Somebody changed this document meanwhile: open it again.")
    return fresh


def refuse_who_does_not_log(authorization: PriorAuthorization, by: User) -> None:
    if not has_permission(by, Permission.LOG_AUTHORIZATIONS, authorization.course.facility):
        raise Refused("Only who logs authorizations where the patient is treated does this.")


def write_correction(
    document: Document, where: PriorAuthorization, what: str, to: str, reason: str, by: User
) -> RecordCorrection:
    change = [f"{document.get_kind_display().lower()} {what}", str(where), to]
    return RecordCorrection.objects.create(
        record=CorrectedRecord.DOCUMENT,
        row=document.pk,
        patient=where.course.patient,
        course=where.course,
        changes=[change],
        reason=reason.strip()[:200],
        by=by,
    )


def judge_again(courses: set[int], by: User, cause: str) -> None:
    rows = Course.objects.filter(pk__in=courses).select_related("facility").order_by("pk")
    for course in rows:
        judge_course(course, by=by, cause=cause)


@dataclass(frozen=True)
class Reader:
    """Who opened a document, how often and when last."""

    name: str
    times: int
    last: datetime


def readers_of(document: Document) -> list[Reader]:
    """The read log of one document, wherever it was filed at the time."""
    rows = AccessEvent.objects.filter(page="document_download", row_number=document.pk)
    counted = rows.order_by().values("by").annotate(times=Count("*"), last=Max("at"))
    people = {person.pk: person for person in User.objects.filter(pk__in=counted.values("by"))}
    found = [Reader(str(people[row["by"]]), row["times"], row["last"]) for row in counted]
    return sorted(found, key=lambda reader: reader.last, reverse=True)


def released_on(document: Document) -> int:
    """Released charges whose units are of the request that the document belongs to."""
    rows = Charge.objects.live().filter(status=ChargeStatus.RELEASED)
    line = "session__authorized_service__authorization"
    return rows.filter(**{line: document.authorization_id}).count()


def requests_named(text: str, user: User) -> list[PriorAuthorization]:
    """The requests of this number, case reference or our own number, where the person logs."""
    wanted = plain_number(text)
    if not wanted:
        return []
    mine = PriorAuthorization.objects.for_user(user, Permission.LOG_AUTHORIZATIONS)
    rows = mine.select_related("course__patient", "course__facility", "plan")
    numbered = rows.alias(
        plain=NumberToSearch("number"), plain_reference=NumberToSearch("reference")
    )
    found = list(numbered.filter(Q(plain=wanted) | Q(plain_reference=wanted)))
    own = read_row_number(wanted.removeprefix("REQUEST"))
    return found or list(rows.filter(pk=own))

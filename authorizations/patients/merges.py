"""Merging two registrations of one person, and separating them: one proposes, another confirms.

Courses, coverages and people to call move; what is written once (events, corrections, the read
log) stays where it was written, and the page of the patient who was kept shows it. Both MRNs find
that patient.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from authorizations.courses.registration import may_register_for
from authorizations.exceptions import Refused
from authorizations.models import (
    Course,
    Coverage,
    CoverageEvent,
    CoverageVerb,
    Patient,
    PatientContact,
    PatientMerge,
)
from authorizations.verdicts.judge_course import judge_course
from authorizations.verdicts.locks import lock_patients
from authorizations.worklists.sync_tasks import in_one_pass


@transaction.atomic
def propose_merge(*, kept: Patient, merged: Patient, reason: str, by: User) -> PatientMerge:
    """Say that two registrations are one person. Nothing moves until somebody else confirms it.

    Raises Refused without a reason, for who does not register both, and for what stands in the way.
    """
    if not reason.strip():
        raise Refused("Say how you know that they are one person.")
    pair = locked_pair(kept, merged, by)
    refuse_conflicts(*pair)
    if PatientMerge.objects.open().filter(merged=merged).exists():
        raise Refused("A merge of this patient is proposed already: confirm or decline that one.")
    return PatientMerge.objects.create(
        kept=pair[0], merged=pair[1], reason=reason.strip()[:200], proposed_by=by
    )


@transaction.atomic
@in_one_pass()
def confirm_merge(*, merge: PatientMerge, by: User) -> PatientMerge:
    """They are one: all courses of both are under the patient who is kept, and judged again."""
    fresh = locked_merge(merge)
    kept, merged = locked_pair(fresh.kept, fresh.merged, by)
    if not fresh.is_waiting:
        raise Refused("This merge was decided meanwhile.")
    refuse_alone(fresh.proposed_by, by)
    refuse_conflicts(kept, merged)
    fresh.moved = move_all(kept, merged, by)
    merged.merged_into = kept
    merged.save(update_fields=["merged_into"])
    fresh.confirmed_at, fresh.confirmed_by = timezone.now(), by
    fresh.save(update_fields=["moved", "confirmed_at", "confirmed_by"])
    judge_courses_of((kept,), by, "Two registrations of the patient were merged.")
    return fresh


@transaction.atomic
def decline_merge(*, merge: PatientMerge, by: User) -> PatientMerge:
    """They are two; whoever proposed it may take it back so, too."""
    fresh = locked_merge(merge)
    locked_pair(fresh.kept, fresh.merged, by)
    if not fresh.is_waiting:
        raise Refused("This merge was decided meanwhile.")
    fresh.declined_at, fresh.declined_by = timezone.now(), by
    fresh.save(update_fields=["declined_at", "declined_by"])
    return fresh


@transaction.atomic
def propose_separation(*, merge: PatientMerge, reason: str, by: User) -> PatientMerge:
    """Say that they are two after all. Nothing moves until somebody else confirms it."""
    fresh = locked_merge(merge)
    refuse_who_does_not_register((fresh.kept,), by)
    if not fresh.stands or fresh.is_undo_waiting:
        raise Refused("These two are separate, or it is proposed already.")
    if not reason.strip():
        raise Refused("Say how you know that they are two.")
    fresh.undo_proposed_at, fresh.undo_proposed_by = timezone.now(), by
    fresh.undo_reason = reason.strip()[:200]
    fresh.save(update_fields=["undo_proposed_at", "undo_proposed_by", "undo_reason"])
    return fresh


@transaction.atomic
@in_one_pass()
def confirm_separation(*, merge: PatientMerge, by: User) -> PatientMerge:
    """They are two: what moved goes back. What was added since stays with the one who was kept."""
    fresh = locked_merge(merge)
    kept, merged = fresh.kept, fresh.merged
    lock_patients({kept.pk, merged.pk})
    refuse_who_does_not_register((kept,), by)
    if not (fresh.stands and fresh.is_undo_waiting):
        raise Refused("This was decided meanwhile.")
    refuse_alone(fresh.undo_proposed_by, by)
    move_back(fresh, by)
    merged.merged_into = None
    merged.save(update_fields=["merged_into"])
    fresh.undone_at, fresh.undone_by = timezone.now(), by
    fresh.save(update_fields=["undone_at", "undone_by"])
    judge_courses_of((kept, merged), by, "Two patients who were merged are separate again.")
    return fresh


@transaction.atomic
def decline_separation(*, merge: PatientMerge, by: User) -> PatientMerge:
    """They stay one."""
    fresh = locked_merge(merge)
    refuse_who_does_not_register((fresh.kept,), by)
    if not (fresh.stands and fresh.is_undo_waiting):
        raise Refused("This was decided meanwhile.")
    fresh.undo_proposed_at, fresh.undo_proposed_by, fresh.undo_reason = None, None, ""
    fresh.save(update_fields=["undo_proposed_at", "undo_proposed_by", "undo_reason"])
    return fresh


def locked_merge(merge: PatientMerge) -> PatientMerge:
    found: PatientMerge = PatientMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    return found


def locked_pair(kept: Patient, merged: Patient, by: User) -> tuple[Patient, Patient]:
    """Both as they are now. Raises Refused for who does not register both."""
    numbers = {kept.pk, merged.pk}
    rows = Patient.objects.select_for_update().filter(pk__in=numbers).order_by("pk")
    fresh = {row.pk: row for row in rows}
    lock_patients(numbers)
    pair = fresh[kept.pk], fresh[merged.pk]
    refuse_who_does_not_register(pair, by)
    return pair


def refuse_who_does_not_register(patients: Iterable[Patient], by: User) -> None:
    if not all(may_register_for(patient, by) for patient in patients):
        raise Refused("Only who registers at facilities that treat both decides this.")


def refuse_alone(first: User | None, by: User) -> None:
    if first == by:
        raise Refused("You proposed this: another person who registers confirms it.")


def refuse_conflicts(kept: Patient, merged: Patient) -> None:
    """Raises Refused with what must be put right before these two can be one."""
    if kept.pk == merged.pk:
        raise Refused("That is the same patient.")
    if kept.merged_into_id or merged.merged_into_id:
        raise Refused("One of them was merged already: open the patient who was kept.")
    if merged.merged_here.exists():
        raise Refused(f"Others were merged into {merged.mrn}: keep that one instead.")
    if merged.died_on and merged.died_on != kept.died_on:
        raise Refused(f"{merged.mrn} died on {merged.died_on}: correct {kept.mrn} first.")
    numbers = set(kept.courses.values_list("code", flat=True))
    twice = sorted(numbers & set(merged.courses.values_list("code", flat=True)))
    if twice:
        raise Refused(f"Both have a course {twice[0]}: correct the number of one first.")
    for theirs in merged.coverages.select_related("plan"):
        other = overlapping(theirs, kept)
        if other and not is_same_card_within(theirs, other):
            raise Refused(
                f"Both have a {theirs.get_rank_display().lower()} coverage on the same days "
                f"({theirs.plan} and {other.plan}): correct its plan, number or dates first."
            )


def overlapping(theirs: Coverage, kept: Patient) -> Coverage | None:
    """A coverage of the same rank on some of these days."""
    rows = kept.coverages.select_related("plan").filter(rank=theirs.rank)
    rows = rows.exclude(effective_through__lt=theirs.effective_from)
    if theirs.effective_through:
        rows = rows.filter(effective_from__lte=theirs.effective_through)
    found: Coverage | None = rows.first()
    return found


def is_same_card_within(theirs: Coverage, other: Coverage) -> bool:
    """Whether it is the same card, on no other days: then it need not move."""
    is_same = (theirs.plan_id, theirs.member_id) == (other.plan_id, other.member_id)
    starts_in = other.effective_from <= theirs.effective_from
    through = other.effective_through
    ends_in = through is None or (
        theirs.effective_through is not None and theirs.effective_through <= through
    )
    return is_same and starts_in and ends_in


def move_all(kept: Patient, merged: Patient, by: User) -> dict[str, list[int]]:
    """Courses, coverages and people to call go to the kept patient; which ones, to go back."""
    coverages = [row for row in merged.coverages.all() if overlapping(row, kept) is None]
    first = merged.people.filter(is_called_first=True)
    moved = {
        "courses": row_numbers(merged.courses.all()),
        "coverages": [row.pk for row in coverages],
        "people": row_numbers(merged.people.all()),
        "called_first": row_numbers(first),
    }
    if kept.people.filter(is_called_first=True).exists():
        first.update(is_called_first=False)
    merged.people.update(patient=kept)
    merged.courses.update(patient=kept)
    Coverage.objects.filter(pk__in=moved["coverages"]).update(patient=kept)
    tell_coverages(coverages, f"Merged from {merged.mrn}", by)
    return moved


def move_back(merge: PatientMerge, by: User) -> None:
    """What moved is the merged patient's again. Raises Refused where its dates forbid it."""
    moved, merged = merge.moved, merge.merged
    here: dict[str, Any] = {"patient": merge.kept}
    coverages = list(Coverage.objects.filter(pk__in=moved["coverages"], **here))
    try:
        with transaction.atomic():
            Course.objects.filter(pk__in=moved["courses"], **here).update(patient=merged)
            people = PatientContact.objects.filter(pk__in=moved["people"], **here)
            people.update(patient=merged)
            first = PatientContact.objects.filter(pk__in=moved["called_first"], patient=merged)
            first.filter(is_current=True).update(is_called_first=True)
            rows = Coverage.objects.filter(pk__in=[row.pk for row in coverages])
            rows.update(patient=merged)
    except IntegrityError as error:
        raise Refused(
            "A course number or a coverage that was changed since stands in the way: correct it."
        ) from error
    tell_coverages(coverages, f"Separated from {merge.kept.mrn}", by)


def row_numbers(rows: Any) -> list[int]:
    return list(rows.values_list("pk", flat=True))


def tell_coverages(coverages: Iterable[Coverage], reason: str, by: User) -> None:
    """Each course of the patient says that who pays was changed, by whom and why."""
    for row in coverages:
        CoverageEvent.objects.create(
            coverage_id=row.pk,
            verb=CoverageVerb.CORRECTED,
            changed_from=row.effective_from,
            reason=reason,
            by=by,
        )


def judge_courses_of(patients: Iterable[Patient], by: User, cause: str) -> None:
    """Open charges are judged again, released ones are marked."""
    rows = Course.objects.filter(patient__in=list(patients)).select_related("facility")
    for course in rows.order_by("pk"):
        judge_course(course, by=by, cause=cause)

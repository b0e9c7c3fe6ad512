"""Telling the administrators that an entry is wrong, and answering."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.proposals import ChangeRefused
from accounts.roles import Permission, is_permitted_somewhere
from accounts.waiting_changes import WaitingElsewhere
from payers.directory.directory_entry import DirectoryEntry, DirectoryReport

P = Permission
REPORTS = (P.LOG_AUTHORIZATIONS, P.RECORD_SESSIONS, P.REVIEW_IMAGES, P.REVIEW_CHARGES, P.KEEP_BOOKS)


@transaction.atomic
def report_wrong(*, entry: DirectoryEntry, what: str, by: User) -> DirectoryReport:
    """Tell the administrators what is wrong. Raises ChangeRefused without words, for who only
    reads, and for a second report by the same person that waits for an answer.
    """
    if not is_permitted_somewhere(by, *REPORTS):
        raise ChangeRefused("Who only reads reports nothing: ask the front desk to.")
    if not what.strip():
        raise ChangeRefused("Say what is wrong, and what is right where you know it.")
    DirectoryEntry.objects.select_for_update().get(pk=entry.pk)
    if entry.reports.filter(answered_at__isnull=True, reported_by=by, what=what.strip()).exists():
        raise ChangeRefused("You have reported this; it waits for an administrator.")
    report: DirectoryReport = DirectoryReport.objects.create(
        entry=entry, what=what.strip(), reported_by=by
    )
    return report


@transaction.atomic
def answer_report(*, report: DirectoryReport, answer: str, by: User) -> None:
    """What became of a report. Raises ChangeRefused without words, a second time, and for who
    keeps no books.
    """
    if not is_permitted_somewhere(by, P.KEEP_BOOKS):
        raise ChangeRefused("Only administrators answer a report about the directory.")
    if not answer.strip():
        raise ChangeRefused("Say what you found: mended, checked and right, …")
    fresh = DirectoryReport.objects.select_for_update().get(pk=report.pk)
    if fresh.answered_at:
        raise ChangeRefused(f"{fresh.answered_by} has answered this: “{fresh.answer}”.")
    fresh.answer, fresh.answered_at, fresh.answered_by = answer.strip(), timezone.now(), by
    fresh.save(update_fields=["answer", "answered_at", "answered_by"])


def open_reports() -> list[WaitingElsewhere]:
    """The reports that wait for an administrator, the oldest first."""
    rows = DirectoryReport.objects.filter(answered_at__isnull=True).order_by("reported_at", "pk")
    rows = rows.select_related("entry__plan", "entry__issuer", "entry__payer", "reported_by")
    return [
        WaitingElsewhere(
            sentence=f"Payer directory, {row}",
            proposed_by=row.reported_by,
            url=reverse("directory_answer", args=[row.pk]),
            asks="Reported as wrong",
            then="Look, mend the entry, answer.",
        )
        for row in rows
    ]

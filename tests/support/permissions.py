"""Every address, who opens it, and rows to open it with."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Role
from tests import factories as make

ALL = frozenset(Role.values)
CASES = ALL - {Role.ADMINISTRATOR}
FD, TH, PH, CO, MA, AD, AU = (
    Role.FRONT_DESK,
    Role.THERAPIST,
    Role.PHYSICIAN,
    Role.CODER,
    Role.MANAGER,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
)
OPENS: dict[str, tuple[frozenset[str] | None, frozenset[str]]] = {
    "home": (ALL, frozenset()),
    "search": (CASES, CASES),
    "day_list_many": (frozenset({FD, MA}), frozenset({FD, MA})),
    "course_list": (CASES, frozenset()),
    "course_start_list": (CASES, frozenset()),
    "course_new": (frozenset({FD, MA}), frozenset({FD, MA})),
    "registration_look": (None, frozenset({FD, MA})),
    "day_words": (None, CASES),
    "diagnosis_search": (frozenset({FD, MA}), frozenset()),
    "course_detail": (CASES, frozenset()),
    "authorization_list": (CASES, frozenset()),
    "authorization_new": (frozenset({FD, MA}), frozenset({FD, MA})),
    "authorization_detail": (CASES, frozenset()),
    "course_change": (frozenset({FD, MA}), frozenset({FD, MA})),
    "course_move": (frozenset({FD, MA}), frozenset({FD, MA})),
    "course_cancel": (frozenset({FD, MA}), frozenset({FD, MA})),
    "course_end": (frozenset({FD, MA}), frozenset({FD, MA})),
    "course_reopen": (frozenset({FD, MA}), frozenset({FD, MA})),
    "course_milestones": (frozenset({FD, MA}), frozenset({FD, MA})),
    "course_hold": (frozenset({FD, MA}), frozenset({FD, MA})),
    "course_resume": (frozenset({FD, MA}), frozenset({FD, MA})),
    "hold_withdraw": (frozenset({FD, MA}), frozenset({FD, MA})),
    "course_correct": (frozenset({FD, MA}), frozenset({FD, MA})),
    "patient_detail": (CASES, frozenset()),
    "patient_coverage_new": (frozenset({FD, MA}), frozenset({FD, MA})),
    "person_new": (frozenset({FD, MA}), frozenset({FD, MA})),
    "person_correct": (frozenset({FD, MA}), frozenset({FD, MA})),
    "patient_merge": (frozenset({FD, MA}), frozenset({FD, MA})),
    "merge_list": (frozenset({FD, MA}), frozenset()),
    "merge_decide": (None, frozenset({FD, MA})),
    "patient_correct": (frozenset({FD, MA}), frozenset({FD, MA})),
    "coverage_correct": (frozenset({FD, MA}), frozenset({FD, MA})),
    "contact_correct": (frozenset({FD, MA}), frozenset({FD, MA})),
    "document_move": (frozenset({FD, MA}), frozenset({FD, MA})),
    "document_strike": (frozenset({FD, MA}), frozenset({FD, MA})),
    "document_restore": (frozenset({FD, MA}), frozenset({FD, MA})),
    "document_correct": (frozenset({FD, MA}), frozenset({FD, MA})),
    "authorization_request_correct": (frozenset({FD, MA}), frozenset({FD, MA})),
    "authorization_submission_correct": (frozenset({FD, MA}), frozenset({FD, MA})),
    "coverage_new": (frozenset({FD, MA}), frozenset({FD, MA})),
    "coverage_end": (frozenset({FD, MA}), frozenset({FD, MA})),
    "authorization_import": (frozenset({FD, MA}), frozenset({FD, MA})),
    "authorization_import_apply": (None, frozenset({FD, MA})),
    "authorization_export": (frozenset({FD, MA}), frozenset()),
    "authorization_ledger": (CASES, frozenset()),
    "authorization_packet": (CASES, frozenset()),
    "authorization_recode": (CASES, frozenset()),
    "authorization_submit": (frozenset({FD, MA}), frozenset({FD, MA})),
    "authorization_decide": (frozenset({FD, MA}), frozenset({FD, MA})),
    "authorization_correct": (frozenset({FD, MA}), frozenset({FD, MA})),
    "authorization_undo": (None, frozenset({FD, MA})),
    "authorization_move": (None, frozenset({FD, MA, PH})),
    "contact_new": (frozenset({FD, MA}), frozenset({FD, MA})),
    "authorization_peer_to_peer": (frozenset({FD, MA, PH}), frozenset({FD, MA, PH})),
    "authorization_peer_to_peer_outcome": (frozenset({FD, MA, PH}), frozenset({FD, MA, PH})),
    "authorization_pend": (frozenset({FD, MA}), frozenset({FD, MA})),
    "authorization_send": (frozenset({FD, MA}), frozenset({FD, MA})),
    "asked_item_correct": (frozenset({FD, MA}), frozenset({FD, MA})),
    "authorization_number": (frozenset({FD, MA}), frozenset({FD, MA})),
    "request_packet_new": (frozenset({FD, MA}), frozenset({FD, MA})),
    "request_packet_download": (CASES, frozenset()),
    "document_new": (frozenset({FD, MA}), frozenset({FD, MA})),
    "document_download": (CASES, frozenset()),
    "day_sheet": (CASES, frozenset({TH})),
    "day_sheet_draft": (None, frozenset({TH})),
    "paper_entry": (frozenset({TH}), frozenset({TH})),
    "reconciliation": (CASES, frozenset()),
    "reconciliation_take": (None, frozenset({TH, PH, CO, MA})),
    "reconciliation_settle": (None, frozenset({TH, CO, MA})),
    "session_detail": (CASES, frozenset()),
    "session_correct": (frozenset({TH}), frozenset({TH})),
    "missed_undo": (None, frozenset({TH})),
    "session_evidence": (CASES, frozenset()),
    "session_void": (None, frozenset({TH})),
    "image_review_list": (frozenset({PH}), frozenset()),
    "image_review_record": (None, frozenset({PH})),
    "charge_list": (frozenset({CO, MA, AU}), frozenset()),
    "charge_assign": (None, frozenset({CO, MA})),
    "release_run_detail": (frozenset({CO, MA}), frozenset()),
    "charge_release_many": (None, frozenset({CO, MA})),
    "charge_many": (frozenset({CO, MA}), frozenset({CO, MA})),
    "changed_list": (frozenset({CO, MA, AU}), frozenset()),
    "dispute_list": (frozenset({CO, MA, AU}), frozenset()),
    "return_list": (frozenset({TH, PH, CO, MA, AU}), frozenset()),
    "return_answer": (None, frozenset({TH, PH})),
    "rejudge_run_list": (frozenset({CO, MA, AU, AD}), frozenset()),
    "rejudge_run_detail": (frozenset({CO, MA, AU, AD}), frozenset()),
    "charge_detail": (frozenset({CO, MA, AU}), frozenset()),
    "charge_move": (None, frozenset({CO, MA})),
    "batch_list": (frozenset({CO, MA, AU}), frozenset()),
    "batch_draw": (None, frozenset({CO, MA})),
    "batch_detail": (frozenset({CO, MA, AU}), frozenset()),
    "batch_csv": (frozenset({CO, MA, AU}), frozenset()),
    "batch_claims": (frozenset({CO, MA, AU}), frozenset()),
    "batch_reopen": (None, frozenset({CO, MA})),
    "payer_dashboard": (frozenset({CO, MA, AU}), frozenset()),
    "payer_dashboard_rows": (frozenset({CO, MA, AU}), frozenset()),
    "payer_scorecard": (frozenset({CO, MA, AU}), frozenset()),
    "payer_metrics": (frozenset({MA, AD}), frozenset({MA, AD})),
    "task_take": (None, frozenset({FD, MA})),
    "task_assign": (None, frozenset({FD, MA})),
    "view_save": (None, CASES - {AU}),
    "view_drop": (None, CASES - {AU}),
    "treatment_import": (frozenset({FD, TH, MA}), frozenset({FD, TH, MA})),
    "treatment_import_apply": (None, frozenset({FD, TH, MA})),
    "import_run_detail": (frozenset({FD, TH, MA}), frozenset()),
    "import_run_judge": (None, frozenset({FD, TH, MA})),
    "column_mapping": (frozenset({FD, TH, MA}), frozenset({FD, TH, MA})),
    "inbound_message_list": (frozenset({FD, TH, MA}), frozenset()),
    "inbound_message": (frozenset({FD, TH, MA}), frozenset()),
    "inbound_message_replay": (None, frozenset({FD, TH, MA})),
    "inbound_message_close": (None, frozenset({FD, TH, MA})),
    "sender_mapping": (frozenset({FD, TH, MA}), frozenset({FD, TH, MA})),
    "conflict_list": (frozenset({FD, TH, CO, MA}), frozenset()),
    "conflict_resolve": (None, frozenset({TH, MA, FD})),
    "logout": (None, ALL),
    "password_change": (ALL, ALL),
    "proposed_change_list": (frozenset({AD}), frozenset()),
    "proposed_change_confirm": (None, frozenset({AD})),
    "proposed_change_decline": (None, frozenset({AD})),
    "proposed_change_seen": (None, frozenset({AD})),
    "known_error_list": (frozenset({CO, MA, AU}), frozenset()),
    "known_error_detail": (frozenset({CO, MA, AU}), frozenset()),
    "two_person_rules": (frozenset({MA, AU, AD}), frozenset()),
    "theme": (None, ALL),
    "kept_form_drop": (None, ALL),
    "mail_choice": (ALL, ALL),
    "known_at": (CASES, CASES),
    "code_list": (ALL, frozenset()),
    "code_detail": (ALL, frozenset()),
    "rulebook": (ALL, frozenset()),
    "rule_detail": (ALL, frozenset()),
    "try_rules": (ALL, ALL),
    "may_we_bill": (ALL, frozenset()),
    "payer_directory": (ALL, frozenset()),
    "directory_report": (ALL - {AU}, ALL - {AU}),
    "directory_answer": (frozenset({AD}), frozenset({AD})),
    "payer_list": (ALL, frozenset()),
    "payer_detail": (ALL, frozenset()),
}


@pytest.fixture
def addresses(course, approved, treat):
    """An address for each URL name, with things of the facility behind it."""
    return things_of(course, approved, treat)


def things_of(course, approved, treat) -> dict[str, int]:
    """The number of one thing of each kind at the facility of a course."""
    session = treat(course)[0]
    charge = session.charges.get()
    run = make.ImportRunFactory()
    make.ImportedRowFactory(run=run, session=session, outcome="recorded", kind="")
    return {
        **things_of_patient(course),
        **documents_of(approved, session),
        **books_beside(course),
        "line": approved.lines.get(code="77387").pk,
        "coverage": course.pk,
        "coverage_correct": course.patient.coverages.first().pk,
        "contact_correct": make.ContactFactory(authorization=approved).pk,
        "asked_item": make.AskedItemFactory(request__event__authorization=approved).pk,
        "proposed_change": make.ProposedChangeFactory().pk,
        "kept_form": make.KeptFormFactory().pk,
        "task": make.TaskFactory(course=course).pk,
        "view": make.SavedViewFactory().pk,
        "course": course.pk,
        "authorization": approved.pk,
        "contact": approved.pk,
        "document_new": approved.pk,
        "request_packet_new": approved.pk,
        "request_packet_download": make.RequestPacketFactory(authorization=approved).pk,
        "session": session.pk,
        "charge": charge.pk,
        "return": charge.pk,
        "release_run": make.ReleaseRunFactory(charges=[charge.pk]).pk,
        "rejudge_run": make.RejudgeRunFactory(courses=[course.pk]).pk,
        "missed": make.MissedTreatmentFactory(course=course, facility=course.facility).pk,
        "hold": make.CourseHoldFactory(course=course, held_through=course.first_fraction_on).pk,
        "batch": make.BatchFactory(facility=course.facility).pk,
        "import_run": run.pk,
        "inbound_message": make.InboundMessageFactory(facility=course.facility).pk,
        "conflict": make.TreatmentRecordFactory(facility=course.facility).pk,
    }


def books_beside(course) -> dict[str, int]:
    """Whom to call at payers, and what payers do wrong; of no facility."""
    entry = make.DirectoryEntryFactory(payer__key=f"directory-{course.pk}")
    report = make.DirectoryReportFactory(entry__payer__key=f"reported-{course.pk}")
    return {
        "directory_report": entry.pk,
        "directory_answer": report.pk,
        "known_error": make.KnownPayerErrorFactory().pk,
    }


def things_of_patient(course) -> dict[str, int]:
    """The patient, and somebody to call about them."""
    patient = course.patient
    return {
        "patient": patient.pk,
        "patient_correct": patient.pk,
        "person_new": patient.pk,
        "person_correct": make.PatientContactFactory(patient=patient).pk,
        "patient_merge": patient.pk,
        "merge_decide": make.PatientMergeFactory(kept=patient).pk,
    }


def documents_of(approved, session) -> dict[str, int]:
    """A document, and one that was struck."""
    document = make.DocumentFactory(authorization=approved)
    struck = make.DocumentFactory(
        authorization=approved,
        struck_at=session.started_at,
        struck_by=session.recorded_by,
        struck_reason="Another's letter",
    )
    pages = ("document_download", "document_correct", "document_move", "document_strike")
    return {**dict.fromkeys(pages, document.pk), "document_restore": struck.pk}


def address(name: str, numbers: dict[str, int]) -> str:
    """The address of a URL name for the things at hand."""
    extra = {
        "authorization_move": {"verb": "withdraw"},
        "authorization_undo": {"event": 1},
        "merge_decide": {"verb": "confirm"},
        "authorization_ledger": {"line": numbers["line"], "part": "held"},
        "charge_move": {"verb": "hold"},
        "known_error_detail": {"error": numbers["known_error"]},
        "day_words": {"kind": "day"},
        "day_list_many": {"verb": "follow-up"},
        "payer_dashboard_rows": {"figure": "open"},
        "code_detail": {"code": "77387"},
        "rule_detail": {"number": "R43"},
        "payer_detail": {"key": "aetna"},
        "payer_scorecard": {"key": "aetna"},
        "payer_metrics": {"key": "aetna"},
    }.get(name, {})
    if name == "authorization_new":
        return reverse(name, args=[numbers["course"]])
    noun = next(
        (key for key in (name, name.rsplit("_", 1)[0], name.split("_")[0]) if key in numbers), None
    )
    try:
        return reverse(name, kwargs=extra)
    except Exception:
        return reverse(name, kwargs={"pk": numbers[noun], **extra})

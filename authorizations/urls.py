"""URLs are nouns, numbers, verbs. None carries a patient's identifier."""

from django.urls import path

from authorizations.batches import views as batches
from authorizations.charges import bulk_views as charge_many
from authorizations.charges import dispute_views as disputes
from authorizations.charges import known_error_views as known_errors
from authorizations.charges import release_run_views as releases
from authorizations.charges import return_views as returns
from authorizations.charges import views as charges
from authorizations.charges.evidence import views as evidence
from authorizations.charges.queue import views as charge_queue
from authorizations.corrections import document_views as filed
from authorizations.corrections import request_views as requests
from authorizations.corrections import views as correct
from authorizations.course_changes import views as course_changes
from authorizations.courses import lookup_views as lookup
from authorizations.courses import starts
from authorizations.courses import views as courses
from authorizations.dashboards import scorecard_views as scorecards
from authorizations.dashboards import views as dashboards
from authorizations.day_list import home, many_views
from authorizations.imports import column_mapping_views as mappings
from authorizations.imports import inbox_views as inbox
from authorizations.imports import run_views as import_runs
from authorizations.imports import sender_mapping_views as senders
from authorizations.imports import spreadsheet_views as sheets
from authorizations.imports import views as imports
from authorizations.notifications import views as mail
from authorizations.patients import merge_views as merges
from authorizations.patients import views as patients
from authorizations.prior_authorizations import coverage_change_views as changes
from authorizations.prior_authorizations import decision_views as letters
from authorizations.prior_authorizations import document_views as documents
from authorizations.prior_authorizations import line_views as lines
from authorizations.prior_authorizations import packet_views as packets
from authorizations.prior_authorizations import peer_to_peer_views as peers
from authorizations.prior_authorizations import pend_views as pends
from authorizations.prior_authorizations import views as authorizations
from authorizations.treatments import correction_views as corrections
from authorizations.treatments import day_sheet_views as day_sheet
from authorizations.treatments import draft_views as drafts
from authorizations.treatments import missed_views as missed
from authorizations.treatments import paper
from authorizations.treatments import review_views as reviews
from authorizations.treatments.reconciliation import views as reconciliation
from authorizations.verdicts import views as rejudging
from authorizations.web import day_views
from authorizations.worklists import search
from authorizations.worklists import views as tasks

urlpatterns = [
    path(
        "authorizations/<int:pk>/request-packet/",
        packets.request_packet_new,
        name="request_packet_new",
    ),
    path(
        "request-packets/<int:pk>/download/",
        packets.request_packet_download,
        name="request_packet_download",
    ),
    path("", home.home, name="home"),
    path("day-list/<slug:verb>/", many_views.day_list_many, name="day_list_many"),
    path("search/", search.search, name="search"),
    path("courses/", courses.CourseList.as_view(), name="course_list"),
    path("courses/starts/", starts.treatment_starts, name="course_start_list"),
    path("courses/new/", courses.course_new, name="course_new"),
    path("courses/new/look/", lookup.registration_look, name="registration_look"),
    path("days/<slug:kind>/", day_views.day_words, name="day_words"),
    path("diagnoses/", courses.diagnosis_search, name="diagnosis_search"),
    path("courses/<int:pk>/change/", changes.course_change, name="course_change"),
    path("courses/<int:pk>/move/", course_changes.course_move, name="course_move"),
    path("courses/<int:pk>/cancel/", course_changes.course_cancel, name="course_cancel"),
    path("courses/<int:pk>/end/", course_changes.course_end, name="course_end"),
    path("courses/<int:pk>/reopen/", course_changes.course_reopen, name="course_reopen"),
    path(
        "courses/<int:pk>/milestones/", course_changes.course_milestones, name="course_milestones"
    ),
    path("courses/<int:pk>/hold/", course_changes.course_hold, name="course_hold"),
    path("courses/<int:pk>/resume/", course_changes.course_resume, name="course_resume"),
    path("holds/<int:pk>/withdraw/", course_changes.hold_withdraw, name="hold_withdraw"),
    path("courses/<int:pk>/correct/", correct.course_correct, name="course_correct"),
    path("patients/merges/", merges.merge_list, name="merge_list"),
    path("patients/merges/<int:pk>/<slug:verb>/", merges.merge_decide, name="merge_decide"),
    path("patients/<int:pk>/merge/", merges.patient_merge, name="patient_merge"),
    path("patients/<int:pk>/correct/", correct.patient_correct, name="patient_correct"),
    path("patients/<int:pk>/", patients.patient_detail, name="patient_detail"),
    path(
        "patients/<int:pk>/coverages/new/",
        patients.patient_coverage_new,
        name="patient_coverage_new",
    ),
    path("patients/<int:pk>/people/new/", patients.person_new, name="person_new"),
    path("people/<int:pk>/correct/", correct.person_correct, name="person_correct"),
    path("coverages/<int:pk>/correct/", correct.coverage_correct, name="coverage_correct"),
    path("contacts/<int:pk>/correct/", correct.contact_correct, name="contact_correct"),
    path("documents/<int:pk>/move/", filed.document_move, name="document_move"),
    path("documents/<int:pk>/strike/", filed.document_strike, name="document_strike"),
    path("documents/<int:pk>/restore/", filed.document_restore, name="document_restore"),
    path("documents/<int:pk>/correct/", correct.document_correct, name="document_correct"),
    path(
        "authorizations/<int:pk>/request/correct/",
        requests.authorization_request_correct,
        name="authorization_request_correct",
    ),
    path(
        "authorizations/<int:pk>/submission/correct/",
        correct.submission_correct,
        name="authorization_submission_correct",
    ),
    path("courses/<int:pk>/coverage/new/", changes.coverage_new, name="coverage_new"),
    path("courses/<int:pk>/coverage/end/", changes.coverage_end, name="coverage_end"),
    path("courses/<int:pk>/", courses.course_detail, name="course_detail"),
    path(
        "courses/<int:pk>/authorizations/new/",
        authorizations.authorization_new,
        name="authorization_new",
    ),
    path(
        "authorizations/",
        authorizations.AuthorizationList.as_view(),
        name="authorization_list",
    ),
    path("authorizations/import/", sheets.authorization_import, name="authorization_import"),
    path(
        "authorizations/import/apply/",
        sheets.authorization_import_apply,
        name="authorization_import_apply",
    ),
    path("authorizations/export/", sheets.authorization_export, name="authorization_export"),
    path(
        "authorizations/<int:pk>/ledger/<int:line>/<slug:part>/",
        lines.authorization_ledger,
        name="authorization_ledger",
    ),
    path(
        "authorizations/<int:pk>/",
        authorizations.authorization_detail,
        name="authorization_detail",
    ),
    path(
        "authorizations/<int:pk>/submit/",
        authorizations.authorization_submit,
        name="authorization_submit",
    ),
    path(
        "authorizations/<int:pk>/packet/",
        lines.authorization_packet,
        name="authorization_packet",
    ),
    path(
        "authorizations/<int:pk>/recode/",
        lines.authorization_recode,
        name="authorization_recode",
    ),
    path(
        "authorizations/<int:pk>/decide/",
        letters.authorization_decide,
        name="authorization_decide",
    ),
    path(
        "authorizations/<int:pk>/mend/",
        letters.authorization_correct,
        name="authorization_correct",
    ),
    path(
        "authorizations/<int:pk>/undo/<int:event>/",
        letters.authorization_undo,
        name="authorization_undo",
    ),
    path(
        "authorizations/<int:pk>/move/<slug:verb>/",
        authorizations.authorization_move,
        name="authorization_move",
    ),
    path(
        "authorizations/<int:pk>/contacts/new/",
        authorizations.contact_new,
        name="contact_new",
    ),
    path("authorizations/<int:pk>/documents/new/", documents.document_new, name="document_new"),
    path(
        "authorizations/<int:pk>/peer-to-peer/",
        peers.authorization_peer_to_peer,
        name="authorization_peer_to_peer",
    ),
    path(
        "authorizations/<int:pk>/peer-to-peer/outcome/",
        peers.authorization_peer_to_peer_outcome,
        name="authorization_peer_to_peer_outcome",
    ),
    path("authorizations/<int:pk>/pend/", pends.authorization_pend, name="authorization_pend"),
    path("authorizations/<int:pk>/send/", pends.authorization_send, name="authorization_send"),
    path("asked-items/<int:pk>/correct/", correct.asked_item_correct, name="asked_item_correct"),
    path(
        "authorizations/<int:pk>/number/",
        documents.authorization_number,
        name="authorization_number",
    ),
    path("documents/<int:pk>/", documents.document_download, name="document_download"),
    path("day-sheet/", day_sheet.day_sheet, name="day_sheet"),
    path("day-sheet/draft/", drafts.day_sheet_draft, name="day_sheet_draft"),
    path("day-sheet/paper/", paper.paper_entry, name="paper_entry"),
    path("reconciliation/", reconciliation.reconciliation, name="reconciliation"),
    path(
        "reconciliation/take/",
        reconciliation.reconciliation_take,
        name="reconciliation_take",
    ),
    path(
        "reconciliation/settle/",
        reconciliation.reconciliation_settle,
        name="reconciliation_settle",
    ),
    path("sessions/<int:pk>/", day_sheet.session_detail, name="session_detail"),
    path("missed/<int:pk>/undo/", missed.missed_undo, name="missed_undo"),
    path("sessions/<int:pk>/correct/", corrections.session_correct, name="session_correct"),
    path("sessions/<int:pk>/evidence/", evidence.session_evidence, name="session_evidence"),
    path("sessions/<int:pk>/void/", day_sheet.session_void, name="session_void"),
    path("image-reviews/", reviews.image_review_list, name="image_review_list"),
    path("image-reviews/record/", reviews.image_review_record, name="image_review_record"),
    path("charges/release/", charge_many.charge_release_many, name="charge_release_many"),
    path("charges/release/<int:pk>/", releases.release_run_detail, name="release_run_detail"),
    path("charges/many/", charge_many.charge_many, name="charge_many"),
    path("charges/changed/", rejudging.changed_list, name="changed_list"),
    path("charges/known-errors/", known_errors.known_error_list, name="known_error_list"),
    path(
        "charges/known-errors/<int:error>/",
        known_errors.known_error_detail,
        name="known_error_detail",
    ),
    path("charges/disputes/", disputes.dispute_list, name="dispute_list"),
    path("returns/", returns.return_list, name="return_list"),
    path("returns/<int:pk>/answer/", returns.return_answer, name="return_answer"),
    path("rejudging/", rejudging.rejudge_run_list, name="rejudge_run_list"),
    path("rejudging/<int:pk>/", rejudging.rejudge_run_detail, name="rejudge_run_detail"),
    path("charges/", charge_queue.charge_list, name="charge_list"),
    path("charges/assign/", charge_queue.charge_assign, name="charge_assign"),
    path("charges/<int:pk>/", charges.charge_detail, name="charge_detail"),
    path("charges/<int:pk>/<slug:verb>/", charges.charge_move, name="charge_move"),
    path("batches/", batches.BatchList.as_view(), name="batch_list"),
    path("batches/draw/", batches.batch_draw, name="batch_draw"),
    path("batches/<int:pk>/", batches.batch_detail, name="batch_detail"),
    path("batches/<int:pk>/claims/", batches.batch_claims, name="batch_claims"),
    path("batches/<int:pk>/reopen/", batches.batch_reopen, name="batch_reopen"),
    path("batches/<int:pk>/csv/", batches.batch_csv, name="batch_csv"),
    path("payer-dashboard/", dashboards.payer_dashboard, name="payer_dashboard"),
    path(
        "payer-dashboard/<slug:figure>/",
        dashboards.payer_dashboard_rows,
        name="payer_dashboard_rows",
    ),
    path(
        "payer-scorecards/<slug:key>/",
        scorecards.payer_scorecard,
        name="payer_scorecard",
    ),
    path("tasks/<int:pk>/take/", tasks.task_take, name="task_take"),
    path("tasks/<int:pk>/assign/", tasks.task_assign, name="task_assign"),
    path("mail/", mail.mail_choice, name="mail_choice"),
    path("views/save/", tasks.view_save, name="view_save"),
    path("views/<int:pk>/drop/", tasks.view_drop, name="view_drop"),
    path("imports/treatments/", imports.treatment_import, name="treatment_import"),
    path(
        "imports/treatments/apply/",
        imports.treatment_import_apply,
        name="treatment_import_apply",
    ),
    path("imports/columns/", mappings.column_mapping, name="column_mapping"),
    path("imports/inbox/", inbox.inbound_message_list, name="inbound_message_list"),
    path("imports/inbox/<int:pk>/", inbox.inbound_message, name="inbound_message"),
    path(
        "imports/inbox/<int:pk>/replay/",
        inbox.inbound_message_replay,
        name="inbound_message_replay",
    ),
    path(
        "imports/inbox/<int:pk>/close/", inbox.inbound_message_close, name="inbound_message_close"
    ),
    path("imports/senders/", senders.sender_mapping, name="sender_mapping"),
    path("imports/conflicts/", import_runs.conflict_list, name="conflict_list"),
    path(
        "imports/conflicts/<int:pk>/resolve/",
        import_runs.conflict_resolve,
        name="conflict_resolve",
    ),
    path("imports/<int:pk>/", import_runs.import_run_detail, name="import_run_detail"),
    path("imports/<int:pk>/judge/", import_runs.import_run_judge, name="import_run_judge"),
]

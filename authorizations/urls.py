"""URLs are nouns, numbers, verbs. None carries a patient's identifier."""

from django.urls import path

from authorizations.views import (
    authorizations,
    batches,
    charges,
    courses,
    dashboards,
    day_sheet,
    documents,
    home,
    imports,
    reviews,
    tasks,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", home.search, name="search"),
    path("courses/", courses.CourseList.as_view(), name="course_list"),
    path("courses/new/", courses.course_new, name="course_new"),
    path("diagnoses/", courses.diagnosis_search, name="diagnosis_search"),
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
        "authorizations/<int:pk>/recode/",
        authorizations.authorization_recode,
        name="authorization_recode",
    ),
    path(
        "authorizations/<int:pk>/decide/",
        authorizations.authorization_decide,
        name="authorization_decide",
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
    path("documents/<int:pk>/", documents.document_download, name="document_download"),
    path("day-sheet/", day_sheet.day_sheet, name="day_sheet"),
    path("sessions/<int:pk>/", day_sheet.session_detail, name="session_detail"),
    path("sessions/<int:pk>/void/", day_sheet.session_void, name="session_void"),
    path("image-reviews/", reviews.image_review_list, name="image_review_list"),
    path("image-reviews/record/", reviews.image_review_record, name="image_review_record"),
    path("charges/", charges.ChargeList.as_view(), name="charge_list"),
    path("charges/release/", charges.charge_release_many, name="charge_release_many"),
    path("charges/<int:pk>/", charges.charge_detail, name="charge_detail"),
    path("charges/<int:pk>/<slug:verb>/", charges.charge_move, name="charge_move"),
    path("batches/", batches.BatchList.as_view(), name="batch_list"),
    path("batches/draw/", batches.batch_draw, name="batch_draw"),
    path("batches/<int:pk>/", batches.batch_detail, name="batch_detail"),
    path("batches/<int:pk>/csv/", batches.batch_csv, name="batch_csv"),
    path("payer-dashboard/", dashboards.payer_dashboard, name="payer_dashboard"),
    path(
        "payer-dashboard/<slug:figure>/",
        dashboards.payer_dashboard_rows,
        name="payer_dashboard_rows",
    ),
    path("tasks/<int:pk>/take/", tasks.task_take, name="task_take"),
    path("tasks/<int:pk>/assign/", tasks.task_assign, name="task_assign"),
    path("views/save/", tasks.view_save, name="view_save"),
    path("views/<int:pk>/drop/", tasks.view_drop, name="view_drop"),
    path("imports/treatments/", imports.treatment_import, name="treatment_import"),
    path(
        "imports/treatments/apply/",
        imports.treatment_import_apply,
        name="treatment_import_apply",
    ),
    path("imports/<int:pk>/", imports.import_run_detail, name="import_run_detail"),
]

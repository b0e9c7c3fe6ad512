"""Payers and what they ask."""

from django.urls import path

from payers import views
from payers.directory import views as directory
from payers.may_we_bill.views import may_we_bill
from payers.published_metrics import views as metric_views

urlpatterns = [
    path("", views.payer_list, name="payer_list"),
    path("may-we-bill/", may_we_bill, name="may_we_bill"),
    path("directory/", directory.payer_directory, name="payer_directory"),
    path("directory/<int:pk>/report/", directory.directory_report, name="directory_report"),
    path("directory/reports/<int:pk>/", directory.directory_answer, name="directory_answer"),
    path("<slug:key>/", views.payer_detail, name="payer_detail"),
    path("<slug:key>/published/", metric_views.payer_metrics, name="payer_metrics"),
]

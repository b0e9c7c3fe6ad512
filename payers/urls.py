"""Payers and what they ask."""

from django.urls import path

from payers import views
from payers.published_metrics import views as metric_views

urlpatterns = [
    path("", views.payer_list, name="payer_list"),
    path("<slug:key>/", views.payer_detail, name="payer_detail"),
    path("<slug:key>/published/", metric_views.payer_metrics, name="payer_metrics"),
]

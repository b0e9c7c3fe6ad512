"""Payers and what they ask."""

from django.urls import path

from payers import views

urlpatterns = [
    path("", views.payer_list, name="payer_list"),
    path("<slug:key>/", views.payer_detail, name="payer_detail"),
]

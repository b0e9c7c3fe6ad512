"""Codes and rules."""

from django.urls import path

from coding import views

urlpatterns = [
    path("", views.code_list, name="code_list"),
    path("rules/", views.rulebook, name="rulebook"),
    path("rules/try/", views.try_rules, name="try_rules"),
    path("rules/<slug:number>/", views.rule_detail, name="rule_detail"),
    path("<slug:code>/", views.code_detail, name="code_detail"),
]

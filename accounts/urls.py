"""The pages of the second administrator."""

from django.urls import path

from accounts import proposal_views as views
from accounts.separation_views import two_person_rules

urlpatterns = [
    path("", views.proposed_change_list, name="proposed_change_list"),
    path("rules/", two_person_rules, name="two_person_rules"),
    path("<int:pk>/confirm/", views.proposed_change_confirm, name="proposed_change_confirm"),
    path("<int:pk>/decline/", views.proposed_change_decline, name="proposed_change_decline"),
    path("<int:pk>/seen/", views.proposed_change_seen, name="proposed_change_seen"),
]

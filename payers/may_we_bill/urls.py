"""One page by address."""

from django.urls import path

from payers.may_we_bill import views

urlpatterns = [path("", views.may_we_bill, name="may_we_bill")]

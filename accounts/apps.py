"""People and places, and the site that keeps the books."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin


class AccountsConfig(AppConfig):
    """People and places."""

    default = True
    name = "accounts"
    verbose_name = "People and places"
    default_auto_field = "django.db.models.BigAutoField"


class BooksConfig(admin.AdminConfig):
    """Django's admin under our own door."""

    default = False
    default_site = "accounts.bookkeeping.Books"

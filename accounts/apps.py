from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and places: who may do what, where, and who did what."""

    name = "accounts"
    verbose_name = "People and places"
    default_auto_field = "django.db.models.BigAutoField"

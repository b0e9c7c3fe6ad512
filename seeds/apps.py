from django.apps import AppConfig


class SeedsConfig(AppConfig):
    """Seeds."""

    name = "seeds"
    verbose_name = "Seeds"
    default_auto_field = "django.db.models.BigAutoField"

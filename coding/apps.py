from django.apps import AppConfig


class CodingConfig(AppConfig):
    """Codes and rules."""

    name = "coding"
    verbose_name = "Codes and rules"
    default_auto_field = "django.db.models.BigAutoField"

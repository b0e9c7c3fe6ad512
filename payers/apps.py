from django.apps import AppConfig


class PayersConfig(AppConfig):
    """Payers."""

    name = "payers"
    verbose_name = "Payers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Enter what this app adds to the code pages."""
        from payers.panels import enter

        enter()

from django.apps import AppConfig


class AuthorizationsConfig(AppConfig):
    """Authorizations and charges."""

    name = "authorizations"
    verbose_name = "Authorizations and charges"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Enter what this app adds to the code pages."""
        from authorizations.panels import enter

        enter()

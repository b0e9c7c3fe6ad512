from django.apps import AppConfig


class AuthorizationsConfig(AppConfig):
    """Authorizations and charges."""

    name = "authorizations"
    verbose_name = "Authorizations and charges"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Enter what this app adds to the code pages, and what it saves from an idle sign-out."""
        from accounts.web.middleware import before_logoff
        from authorizations.extension_points import register_extensions
        from authorizations.treatments.draft_views import keep_what_was_sent

        register_extensions()
        if keep_what_was_sent not in before_logoff:
            before_logoff.append(keep_what_was_sent)

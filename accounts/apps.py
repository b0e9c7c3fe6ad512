"""People and places, and the site that keeps the books."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.db.models.signals import post_migrate, pre_migrate


class AccountsConfig(AppConfig):
    """People and places."""

    default = True
    name = "accounts"
    verbose_name = "People and places"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The views of the past, the guards of the history and what the application's role may do
        follow every migration, whoever runs it; what is sent after a sign-out is kept.
        """
        from accounts import checks  # noqa: F401 – registers itself
        from accounts.database import array_lookup  # noqa: F401 – registers itself
        from accounts.database.guards import guard_history
        from accounts.database.roles import grant_privileges
        from accounts.kept_forms import keep_sent_form
        from accounts.past.history_views import refresh, step_aside
        from accounts.web.middleware import before_logoff

        if keep_sent_form not in before_logoff:
            before_logoff.append(keep_sent_form)

        pre_migrate.connect(step_aside, sender=self)
        for follow in (refresh, guard_history, grant_privileges):
            post_migrate.connect(follow, sender=self)


class BooksConfig(admin.AdminConfig):
    """Django's admin under our own door."""

    default = False
    default_site = "accounts.admin_base.Books"

from django.apps import AppConfig


class PayersConfig(AppConfig):
    """Payers."""

    name = "payers"
    verbose_name = "Payers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Enter what this app adds to the code pages and to the second administrator's list."""
        from accounts.proposals import EFFECTS
        from accounts.proposed_change import ProposedChangeKind
        from accounts.waiting_changes import ELSEWHERE
        from payers.code_page_panel import enter
        from payers.directory.actions import open_reports
        from payers.policies.publishing import change_policy, proposed_policies

        enter()
        EFFECTS[ProposedChangeKind.POLICY] = change_policy
        for waiting in (proposed_policies, open_reports):
            if waiting not in ELSEWHERE:
                ELSEWHERE.append(waiting)

"""A payer announces that its answer takes longer, as the rule of its clock allows once."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from authorizations.exceptions import Refused
from authorizations.models import PriorAuthorization
from authorizations.prior_authorizations.actions import write_authorization_event
from authorizations.worklists.sync_tasks import in_words, sync_course
from payers.clocks import decision_rule, extended
from payers.clocks.calendars import Deadline


@transaction.atomic
def extend_clock(*, authorization: PriorAuthorization, by: User, reason: str) -> Deadline:
    """The payer has announced that it takes longer, as its rule allows once.

    Raises Refused where the clock knows no extension, or has been extended before.
    """
    fresh = (
        PriorAuthorization.objects.select_for_update(of=("self",))
        .select_related("plan", "facility")
        .get(pk=authorization.pk)
    )
    if not reason.strip():
        raise Refused("Say how the payer announced it: letter, portal, call reference.")
    if fresh.due_at is None or fresh.events.filter(verb="extend_clock").exists():
        raise Refused("This clock does not run, or was extended before: once is all.")
    later = extended_deadline(fresh)
    if later is None:
        raise Refused("The rule of this clock knows no extension: hold the payer to its day.")
    fresh.due_at = later.due_at
    fresh.save(update_fields=["due_at"])
    event = write_authorization_event(
        fresh, "extend_clock", fresh.status, by, reason=reason, due=str(later.due_on)
    )
    sync_course(fresh.course_id, in_words(event))
    return later


def extended_deadline(authorization: PriorAuthorization) -> Deadline | None:
    """The later day, where the rule of the clock knows one."""
    due_at, received = authorization.due_at, authorization.received_on
    if due_at is None or received is None:
        return None
    zone = authorization.facility.time_zone
    rule = decision_rule(
        line_of_business=authorization.plan.line_of_business,
        state=authorization.plan.state,
        received_on=received.astimezone(authorization.facility.tz).date(),
        is_electronic=authorization.channel in ("portal", "edi"),
    )
    if rule is None:
        return None
    now = Deadline(due_at, rule.key, str(rule.standard), rule.source, rule.confidence)
    return extended(now, rule, zone)

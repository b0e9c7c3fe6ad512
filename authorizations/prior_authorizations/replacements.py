"""A revision or renewal that takes the place of the authorization it follows."""

from __future__ import annotations

from datetime import date

from django.db.models import Min

from accounts.models import User
from accounts.web.text import shown_day
from authorizations import workflow
from authorizations.models import AuthorizationStatus, AuthorizedService, PriorAuthorization
from authorizations.prior_authorizations.actions import make_authorization_move


def replace_followed(authorization: PriorAuthorization, by: User, *, keeps_both: bool) -> None:
    """A revision or renewal takes the place of the authorization it follows, from its first day.

    Where it does so no longer (denied after all, or the payer left both), that one is in force
    again.
    """
    followed = authorization.supersedes
    if followed is None or not authorization.replaces_what_it_follows:
        return
    starts_on = None if keeps_both else first_day(authorization)
    is_mine = was_replaced_by(followed, authorization)
    if is_mine and starts_on == followed.superseded_from:
        return
    if is_mine:
        status = workflow.header_status(followed.lines.values_list("decision", flat=True))
        verb = "reinstate" if status == AuthorizationStatus.APPROVED else "reinstate_partially"
        reason = f"{authorization} replaces it no longer"
        make_authorization_move(authorization=followed, verb=verb, by=by, reason=reason)
    still = PriorAuthorization.objects.filter(pk=followed.pk).with_approval()
    if starts_on and still.exists():
        make_authorization_move(
            authorization=followed,
            verb="supersede",
            by=by,
            reason=f"Replaced by {authorization} from {shown_day(starts_on)} on",
            details={"successor": authorization.pk},
            superseded_from=starts_on,
        )


def first_day(authorization: PriorAuthorization) -> date | None:
    """The first day on which a line of this request is approved."""
    rows = AuthorizedService.objects.granted().filter(authorization=authorization)
    return rows.aggregate(first=Min("valid_from"))["first"]


def was_replaced_by(followed: PriorAuthorization, authorization: PriorAuthorization) -> bool:
    """Whether this request took the place of the one it follows, and no other move undid it."""
    if followed.status != AuthorizationStatus.SUPERSEDED:
        return False
    last = followed.events.filter(verb="supersede").order_by("-id").first()
    return last is not None and last.details.get("successor") == authorization.pk


def codes_only_in(followed: PriorAuthorization, authorization: PriorAuthorization) -> list[str]:
    """The approved codes of a request that the one following it does not ask for."""
    asked = set(authorization.lines.values_list("code", flat=True))
    rows = AuthorizedService.objects.granted().filter(authorization=followed)
    return [str(line) for line in rows if line.code not in asked]

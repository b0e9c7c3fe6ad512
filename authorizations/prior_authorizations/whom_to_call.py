"""Whom to call about each request of a list, with the books read once."""

from __future__ import annotations

from datetime import date

from authorizations.models import PriorAuthorization
from payers.directory.lookup import DirectoryBook, WhomToCall
from payers.policies.lookup import PolicyBook


class CallsOfRequests:
    """Answers whom to call about a request; only a request that waits is worth a call."""

    def __init__(self, on: date) -> None:
        self.on, self.directory, self.policies = on, DirectoryBook(on), PolicyBook()

    def get(self, request: PriorAuthorization, default: object = None) -> WhomToCall:
        """Whom to call about this request; ``default`` is there for filters of templates."""
        course = request.course
        on = course.expected_on(self.on)
        service = course.guidance_on(on, request.facility)
        policy = self.policies.authorization_policy(request.plan, on, service)
        return self.directory.whom_to_call(request.plan, policy)

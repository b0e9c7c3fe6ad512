"""The named queues people work from. Each is one queryset: its count and list never disagree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Role, User
from authorizations.worklists import coverages, payer_answers
from authorizations.worklists import querysets as queues
from authorizations.worklists import second_person as two_people

Rows = Callable[[User | None, datetime], QuerySet]


@dataclass(frozen=True)
class Worklist:
    """A queue: what is in it, on which list page it opens, for whom it is work, how urgent."""

    key: str
    label: str
    hint: str
    page: str
    rows: Rows
    oldest: str
    roles: frozenset[str]
    tone: str = "warn"


DESK = frozenset({Role.FRONT_DESK, Role.MANAGER})
CODING = frozenset({Role.CODER, Role.MANAGER})
DOCTORS = frozenset({Role.PHYSICIAN})
THERAPISTS = frozenset({Role.THERAPIST})
AUTHORIZATIONS, COURSES, CHARGES = "authorization_list", "course_list", "charge_list"

WORKLISTS: tuple[Worklist, ...] = (
    Worklist(
        "overdue",
        "Decision overdue",
        "The payer's clock has run out: call them.",
        AUTHORIZATIONS,
        queues.overdue,
        "due_at",
        DESK,
        "bad",
    ),
    Worklist(
        "unauthorized",
        "No authorization, treatment scheduled",
        "Nobody has asked the payer, or no answer stands.",
        COURSES,
        queues.unauthorized,
        "first_fraction_on",
        DESK,
        "bad",
    ),
    Worklist(
        "ended",
        "Dates over, fractions to come",
        "The letter has run out: ask for an extension before the next treatment.",
        COURSES,
        queues.ended_requests,
        "first_fraction_on",
        DESK,
        "bad",
    ),
    Worklist(
        "short",
        "Running short of units",
        "Fewer units left than fractions to come: ask for an extension.",
        COURSES,
        queues.courses_short_of_units,
        "first_fraction_on",
        DESK,
        "bad",
    ),
    Worklist(
        "pended",
        "Payer waits for us",
        "They asked for something before they decide.",
        AUTHORIZATIONS,
        queues.pended,
        "due_at",
        DESK,
    ),
    Worklist(
        "expiring",
        f"Expiring within {queues.EXPIRING_DAYS} days",
        "The dates of the letter end before the course does.",
        AUTHORIZATIONS,
        queues.expiring,
        "decided_on",
        DESK,
    ),
    Worklist(
        "drafts",
        "Not yet submitted",
        "Drafts, and requests the portal rejected.",
        AUTHORIZATIONS,
        queues.drafts,
        "created_at",
        DESK,
    ),
    Worklist(
        "touch",
        "Follow-ups due",
        "The day to look after it has come.",
        AUTHORIZATIONS,
        queues.to_touch,
        "next_touch_on",
        DESK,
    ),
    Worklist(
        "denied",
        "Denied or cut",
        f"Of the last {queues.APPEAL_DAYS} days: peer-to-peer, appeal, or ask again.",
        AUTHORIZATIONS,
        queues.denied_requests,
        "decided_on",
        DESK,
    ),
    Worklist(
        "telephone",
        "Known by telephone only",
        "Attach the letter or a portal proof: until then no claim may rest on it.",
        AUTHORIZATIONS,
        queues.by_telephone,
        "decided_on",
        DESK,
    ),
    *(Worklist(*row) for row in payer_answers.ROWS),
    Worklist(
        "asserted",
        "Asserted, no document",
        "Attach the letter or the portal's page: until then no claim may rest on it.",
        AUTHORIZATIONS,
        two_people.asserted,
        "decided_on",
        DESK,
    ),
    Worklist(
        "coverage",
        "Coverage ends during the course",
        "Check eligibility and register what follows.",
        COURSES,
        coverages.coverage_ending,
        "first_fraction_on",
        DESK,
    ),
    Worklist(
        "other-plan",
        "Approved by a plan that no longer pays",
        "Another plan pays now: ask it, and close the approval of the plan before.",
        AUTHORIZATIONS,
        coverages.other_plan,
        "decided_on",
        DESK,
    ),
    Worklist(
        "review",
        "Images awaiting review",
        "To be approved before the next treatment.",
        "image_review_list",
        queues.to_review,
        "started_at",
        DOCTORS,
    ),
    Worklist(
        "returned-physician",
        "Returned to the physician",
        "A coder asks: mend it or answer, and the charge goes back by itself.",
        "return_list",
        queues.returned_to_physician,
        "returned_at",
        DOCTORS,
        "bad",
    ),
    Worklist(
        "returned-therapist",
        "Returned to the therapist",
        "A coder asks: correct the session or answer, and the charge goes back by itself.",
        "return_list",
        queues.returned_to_therapist,
        "returned_at",
        THERAPISTS,
        "bad",
    ),
    Worklist(
        "filing",
        f"Filing deadline within {queues.FILING_DAYS} days",
        "Release them, or they are lost.",
        CHARGES,
        queues.filing_soon,
        "date_of_service",
        CODING,
        "bad",
    ),
    Worklist(
        "stopped",
        "Stopped by the rulebook",
        "Something must be mended before these can go.",
        CHARGES,
        queues.stopped,
        "date_of_service",
        CODING,
        "bad",
    ),
    Worklist(
        "held",
        "Held for a coder",
        "A person decides, with a reason.",
        CHARGES,
        queues.held,
        "date_of_service",
        CODING,
    ),
    Worklist(
        "returned",
        "Out with the clinic",
        "Returned to a therapist or physician, not yet back.",
        CHARGES,
        queues.returned,
        "returned_at",
        CODING,
    ),
    Worklist(
        "changed",
        "Released, would now be judged differently",
        "The facts or the books changed after release: void, or keep with a reason.",
        "changed_list",
        queues.changed_verdicts,
        "found_at",
        CODING,
        "bad",
    ),
    Worklist(
        "void",
        "Treated, charge void, nothing in its place",
        "Capture the fraction anew, or say why it is left unbilled.",
        CHARGES,
        queues.void_without_successor,
        "date_of_service",
        CODING,
        "bad",
    ),
    Worklist(
        "look-again",
        "Held until today",
        "The day to look again has come.",
        CHARGES,
        queues.look_again,
        "date_of_service",
        CODING,
    ),
    Worklist(
        "overrides",
        "Overrides to confirm",
        "Another manager proposed them: confirm or decline, in one press.",
        CHARGES,
        two_people.overrides_to_confirm,
        "override_proposed_at",
        frozenset({Role.MANAGER}),
    ),
    Worklist(
        "second-person",
        "To be released by another person",
        "A coder or manager entered what these rest on: you release them.",
        CHARGES,
        two_people.second_person,
        "date_of_service",
        CODING,
    ),
    Worklist(
        "ready",
        "Ready to release",
        "Clean by the rulebook.",
        CHARGES,
        queues.charges_ready_to_release,
        "date_of_service",
        CODING,
        "good",
    ),
)


LABELS = {w.key: w.label for w in WORKLISTS}


def worklist(key: str, page: str) -> Worklist | None:
    """The queue of that name on that list page."""
    return next((w for w in WORKLISTS if w.key == key and w.page == page), None)

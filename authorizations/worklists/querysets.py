"""The queues as querysets: what is in each, within a person's facilities, at a moment."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from accounts.models import User
from accounts.past.clock import known_at
from accounts.roles import Permission
from authorizations.models import (
    OPEN,
    WAITING,
    AuthorizationEvent,
    AuthorizationStatus,
    ChangedVerdict,
    Charge,
    ChargeStatus,
    Course,
    Coverage,
    Evidence,
    GuidanceSession,
    ImageReview,
    PriorAuthorization,
    ReturnedTo,
    ReviewDecision,
    SessionCorrection,
)
from authorizations.models.charges import Disposition
from authorizations.worklists.counts import (
    fractions_done,
    granted,
    has_fractions_to_come,
    units_left,
)
from authorizations.worklists.stopped_courses import (
    held_without_end,
    holds_due,
    open_after_the_course,
)
from payers.policies.lookup import PolicyBook, in_force

EXPIRING_DAYS = 14
ENDED_DAYS = 90  # so long after the last day of a letter a course is still chased
FILING_DAYS = 15
# The longest any payer here hears an appeal: Cigna, and plans under 29 CFR 2560.503-1(h)(3)(i).
APPEAL_DAYS = 180
STARTS_WITHIN = timedelta(days=21)
ASKED = (*WAITING, AuthorizationStatus.NOT_REQUIRED)
CHARGE_READERS = (Permission.REVIEW_CHARGES, Permission.READ_AUDIT)


def scoped(rows: QuerySet, user: User | None, *permissions: Permission) -> QuerySet:
    """The rows where a person holds one of the permissions; all of them for the machine itself."""
    return rows if user is None else rows.for_user(user, *permissions)


def readable_requests(user: User | None) -> QuerySet[PriorAuthorization]:
    return scoped(PriorAuthorization.objects.all(), user, Permission.READ_CASES)


def drafts(user: User | None, now: datetime) -> QuerySet:
    return readable_requests(user).filter(status__in=("draft", "rejected"))


def pended(user: User | None, now: datetime) -> QuerySet:
    return readable_requests(user).filter(status=AuthorizationStatus.PENDED)


def overdue(user: User | None, now: datetime) -> QuerySet:
    return readable_requests(user).overdue(now)


def to_touch(user: User | None, now: datetime) -> QuerySet:
    """Follow-ups that are due: those that a person set, and computed ones while somebody acts."""
    is_wanted = ~Q(who_acts="nobody") | Q(next_touch_set_by__isnull=False)
    return readable_requests(user).filter(is_wanted, next_touch_on__lte=localdate(now))


def denied_requests(user: User | None, now: datetime) -> QuerySet:
    """Denials and cuts not asked again, while an appeal may still be heard.

    One that is talked over by peer-to-peer stays until it is answered; a cut that stood on appeal
    or peer-to-peer is over.
    """
    lost = (AuthorizationStatus.DENIED, AuthorizationStatus.PARTIALLY_APPROVED)
    talked_over = Q(status=AuthorizationStatus.PEER_TO_PEER) & ~Q(first_answer="")
    since = localdate(now) - timedelta(days=APPEAL_DAYS)
    events = AuthorizationEvent.objects.in_effect()
    stood = events.filter(authorization=OuterRef("pk"), verb="uphold_cut")
    rows = readable_requests(user).filter(successors__isnull=True, decided_on__gte=since)
    is_over = Q(status=AuthorizationStatus.PARTIALLY_APPROVED) & Exists(stood)
    return rows.filter(Q(status__in=lost) | talked_over).exclude(is_over)


def by_telephone(user: User | None, now: datetime) -> QuerySet:
    unproved = (Evidence.PHONE, Evidence.NONE)
    rows = readable_requests(user).with_approval().filter(evidence__in=unproved)
    return rows.exclude(number_to_follow=True)  # these have a list of their own


def expiring(user: User | None, now: datetime, within: int = EXPIRING_DAYS) -> QuerySet:
    """Approvals whose guidance ends soon while fractions are still to come."""
    today = localdate(now)
    lines = granted(today, valid_through__range=(today, today + timedelta(days=within)))
    goes_on = courses(user, now).filter(has_fractions_to_come())
    rows = readable_requests(user).exclude(status=AuthorizationStatus.SUPERSEDED)
    return rows.filter(lines__in=lines, course__in=goes_on)


def courses(user: User | None, now: datetime, *, is_all: bool = False) -> QuerySet[Course]:
    """Courses (not yet ended, or all) with fractions given and guidance units left."""
    today = localdate(now)
    among = Course.objects.all() if is_all else Course.objects.going_on(today)
    rows = scoped(among, user, Permission.READ_CASES)
    return rows.annotate(fractions_done=fractions_done(), units_left=units_left(today))


def courses_lacking_units(user: User | None, now: datetime) -> QuerySet:
    """Fewer units left than fractions still to come, or none allowed at all."""
    rows = courses(user, now).exclude(held_without_end())
    rows = rows.annotate(left=Coalesce(F("units_left"), 0))
    return rows.filter(left__lt=F("fractions_planned") - F("fractions_done"))


def courses_short_of_units(user: User | None, now: datetime) -> QuerySet:
    """Fewer units left than fractions still to come."""
    to_come = F("fractions_planned") - F("fractions_done")
    return courses(user, now).filter(units_left__lt=to_come).exclude(held_without_end())


def ended_requests(user: User | None, now: datetime, among: Any = None) -> QuerySet:
    """The dates of the letter are over, fractions are to come, and the plan wants to be asked.

    ``among``: the courses with no guidance allowed, where they are known already.
    """
    found = courses_past_their_letter(user, now, among)
    return found.filter(pk__in=to_be_asked(found, localdate(now)))


def courses_past_their_letter(
    user: User | None, now: datetime, among: Any = None
) -> QuerySet[Course]:
    """The dates of the letter are over and fractions are to come, whatever the plan wants."""
    today = localdate(now)
    lapsed = granted(
        today,
        authorization__course=OuterRef("pk"),
        valid_through__range=(today - timedelta(days=ENDED_DAYS), today),
    )
    if among is None:
        among = courses_lacking_units(user, now).filter(units_left__isnull=True).values("pk")
    rows = scoped(Course.objects.filter(pk__in=among), user, Permission.READ_CASES)
    return rows.filter(Exists(lapsed))


def unauthorized(user: User | None, now: datetime) -> QuerySet:
    """Treatment is scheduled, the plan wants to be asked, and nobody has asked or been answered."""
    found = courses_not_asked_for(user, now)
    return found.filter(pk__in=to_be_asked(found, localdate(now)))


def courses_not_asked_for(user: User | None, now: datetime) -> QuerySet[Course]:
    """Treatment is scheduled and nobody has asked or been answered, whatever the plan wants."""
    asked = PriorAuthorization.objects.filter(
        Q(status__in=ASKED) | Q(pk__in=PriorAuthorization.objects.with_approval())
    )
    return (
        courses(user, now)
        .filter(
            fractions_done__lt=F("fractions_planned"),
            first_fraction_on__lte=localdate(now) + STARTS_WITHIN,
        )
        .exclude(authorizations__in=asked)
        .exclude(held_without_end())
    )


def courses_without_plan(user: User | None, now: datetime) -> QuerySet[Course]:
    """Fractions or first treatment are not known yet: nothing is forecast until they are."""
    unknown = Q(fractions_planned__isnull=True) | Q(first_fraction_on__isnull=True)
    return courses(user, now).filter(unknown)


def held_courses_due(user: User | None, now: datetime) -> QuerySet[Course]:
    return holds_due(courses(user, now), now)


def requests_after_the_course(user: User | None, now: datetime) -> QuerySet[PriorAuthorization]:
    return open_after_the_course(readable_requests(user), now)


def to_be_asked(courses: QuerySet[Course], today: date) -> list[int]:
    """Those whose plan on their next day requires permission, or about which nobody knows."""
    found = list(courses.select_related("facility"))
    if not found:
        return []
    policies = PolicyBook()
    coverages = primary_coverages({course.patient_id for course in found})
    wanted = []
    for course in found:
        on = max(course.expected_on(today), today)
        plan = next((c.plan for c in coverages[course.patient_id] if in_force(c, on)), None)
        if policies.is_required(plan, on, course.guidance_on(on)) is not False:
            wanted.append(course.pk)
    return wanted


def primary_coverages(patients: set[int]) -> dict[int, list[Coverage]]:
    """Who pays first for each patient, all spans."""
    found: dict[int, list[Coverage]] = defaultdict(list)
    rows = Coverage.objects.filter(patient__in=patients, rank=Coverage.Rank.PRIMARY)
    for row in rows.select_related("plan__payer"):
        found[row.patient_id].append(row)
    return found


def to_review(user: User | None, now: datetime) -> QuerySet:
    """Images nobody has answered, or rejected ones whose session was corrected since.

    Which they are now is kept; which they were at a past moment, the rows of that moment say.
    """
    rows = scoped(GuidanceSession.objects.all(), user, Permission.REVIEW_IMAGES)
    if not known_at():
        return rows.filter(awaited__isnull=False)
    corrected = SessionCorrection.objects.filter(
        session=OuterRef("session"), at__gt=OuterRef("recorded_at")
    )
    answered = ImageReview.objects.filter(
        Q(decision=ReviewDecision.APPROVED)
        | Q(decision=ReviewDecision.REJECTED) & ~Exists(corrected),
        session=OuterRef("pk"),
    )
    return rows.live().exclude(modalities=[]).filter(~Exists(answered))


def readable_charges(user: User | None) -> QuerySet[Charge]:
    return scoped(Charge.objects.all(), user, *CHARGE_READERS)


def with_us(user: User | None) -> QuerySet:
    """Held charges that are not out with the clinic."""
    return readable_charges(user).filter(status=ChargeStatus.HELD, returned_to="")


def held(user: User | None, now: datetime) -> QuerySet:
    return with_us(user).filter(disposition=Disposition.HOLD)


def stopped(user: User | None, now: datetime) -> QuerySet:
    return with_us(user).filter(disposition=Disposition.STOP)


def returned(user: User | None, now: datetime) -> QuerySet:
    return readable_charges(user).exclude(returned_to="")


def returned_to_therapist(user: User | None, now: datetime) -> QuerySet:
    rows = scoped(Charge.objects.all(), user, Permission.RECORD_SESSIONS)
    return rows.filter(returned_to=ReturnedTo.THERAPIST)


def returned_to_physician(user: User | None, now: datetime) -> QuerySet:
    rows = scoped(Charge.objects.all(), user, Permission.REVIEW_IMAGES)
    return rows.filter(returned_to=ReturnedTo.PHYSICIAN)


def changed_verdicts(user: User | None, now: datetime) -> QuerySet:
    """Marks on released charges that would now be judged differently."""
    return scoped(ChangedVerdict.objects.open(), user, *CHARGE_READERS)


def void_without_successor(user: User | None, now: datetime) -> QuerySet:
    return readable_charges(user).void_without_successor()


def charges_ready_to_release(user: User | None, now: datetime) -> QuerySet:
    return readable_charges(user).filter(status=ChargeStatus.READY)


def filing_soon(user: User | None, now: datetime) -> QuerySet:
    soon = localdate(now) + timedelta(days=FILING_DAYS)
    return readable_charges(user).filter(status__in=OPEN, filing_deadline__lte=soon)


def look_again(user: User | None, now: datetime) -> QuerySet:
    return readable_charges(user).filter(
        status=ChargeStatus.HELD, look_again_on__lte=localdate(now)
    )

"""Holding what was released against the facts as they are now: a mark, never a change."""

from __future__ import annotations

import copy
from collections.abc import Mapping

from django.utils import timezone

from accounts.models import User
from authorizations.models import (
    ChangedVerdict,
    Charge,
    ChargeStatus,
    CodingReview,
    GuidanceSession,
)
from authorizations.verdicts.facts import CourseData, RuleBooks, charge_facts
from authorizations.verdicts.labels import verdict_label
from authorizations.verdicts.proposed_line import propose, set_line
from coding.rules import Verdict, review
from coding.rules.serialize import facts_from_json, findings_from_json

SAYS_AGAIN = "The facts say again what was said at release."


def look_back(
    file: CourseData,
    books: RuleBooks,
    *,
    latest: Mapping[int, CodingReview],
    by: User,
    cause: str,
) -> int:
    """Mark each released charge that would now be judged differently; answer how many are new."""
    released = [
        (session, charge)
        for session in file.sessions
        if (charge := file.charges.get(session.pk)) and charge.status == ChargeStatus.RELEASED
    ]
    if not released:
        return 0
    marks = latest_marks([charge for _, charge in released])
    count = 0
    for session, charge in released:
        judgement = latest.get(charge.pk)
        if judgement:
            line, verdict = judged_now(file, session, charge, judgement, books)
            count += take_note(charge, marks.get(charge.pk), judgement, line, verdict, by, cause)
    return count


def latest_marks(charges: list[Charge]) -> dict[int, ChangedVerdict]:
    """The last mark of each charge, open or closed."""
    rows = ChangedVerdict.objects.filter(charge__in=charges).order_by("charge_id", "-id")
    return {row.charge_id: row for row in rows.distinct("charge_id")}


def judged_now(
    file: CourseData,
    session: GuidanceSession,
    charge: Charge,
    judgement: CodingReview,
    books: RuleBooks,
) -> tuple[str, Verdict]:
    """The line and the verdict by the facts of now, as of the day it was judged for release."""
    tried = copy.copy(charge)
    if tried.corrected_at is None:
        set_line(tried, propose(file, session, books))
    judged_on = facts_from_json(judgement.facts).filing.judged_on
    return tried.line, review(charge_facts(file, session, tried, judged_on, books))


def take_note(
    charge: Charge,
    mark: ChangedVerdict | None,
    judgement: CodingReview,
    line: str,
    verdict: Verdict,
    by: User,
    cause: str,
) -> int:
    """Open, change, close or leave the mark of one charge; 1 where a new one was opened."""
    said = verdict_label(charge.line, judgement.disposition, findings_from_json(judgement.verdict))
    would_say = verdict_label(line, verdict.disposition, verdict.findings)
    is_open = mark is not None and mark.closed_at is None
    if mark is not None and mark.would_say == would_say and said != would_say:
        return 0  # noted already, or kept as released by somebody who saw it
    if said == would_say:
        if is_open:
            close_mark(mark, by)
        return 0
    sentence = verdict.leading.sentence[:400] if verdict.leading else "No finding."
    if is_open:
        mark.would_say, mark.sentence, mark.cause = would_say, sentence, cause[:200]
        mark.save(update_fields=["would_say", "sentence", "cause"])
        return 0
    ChangedVerdict.objects.create(
        charge=charge, said=said, would_say=would_say, sentence=sentence, cause=cause[:200]
    )
    return 1


def close_mark(mark: ChangedVerdict, by: User) -> None:
    mark.closed_at, mark.closed_by, mark.closed_because = timezone.now(), by, SAYS_AGAIN
    mark.save(update_fields=["closed_at", "closed_by", "closed_because"])

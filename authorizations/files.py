"""The tables of the pages as files: what each column is called and where its value stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from accounts.exports.column import JOINED, Exported, Label, columns
from accounts.exports.response import Made, Tables
from authorizations.models import ImportedRow
from authorizations.tables.exports import AUTHORIZATION, CHARGE, LINE, SESSION, patient

CHARGED = (
    Exported("charge", "charge__pk"),
    Exported("date of service", "charge__date_of_service"),
    Exported("code", "charge__code"),
    Exported("modifiers", "charge__modifiers", JOINED),
    Exported("course", "charge__session__course__code"),
    *patient("charge__session__course__patient__"),
)
CHANGED = (
    *CHARGED,
    Exported("at release", "said"),
    Exported("now", "would_say"),
    Exported("sentence", "sentence"),
    Exported("why", "cause"),
    Exported("since", "found_at"),
    Exported("batch", "charge__batch__number"),
)
BY_RULE = (
    Exported("rule", "rule"),
    Exported("title", "title"),
    Exported("disputes", "disputes"),
    Exported("overrides", "overrides"),
    Exported("what became of the charges", "told"),
)
WORDS = (
    Exported("when", "event__at"),
    Exported("by", "event__by__username"),
    *(Exported(column.heading, f"event__{column.path}", column.show) for column in CHARGED),
    Exported("what", "kind"),
    Exported("rule", "rule"),
    Exported("why", "event__reason"),
    Exported("now", "outcome"),
)
ALONE = (
    Exported("when", "event__at"),
    Exported("by", "event__by__username"),
    *(Exported(column.heading, f"event__{column.path}", column.show) for column in CHARGED),
    Exported("what", "what"),
    Exported("the same person", "duties"),
)
RUNS = (
    Exported("why", "cause"),
    Exported("begun", "started_at"),
    Exported("by", "started_by__username"),
    Exported("finished", "finished_at"),
    Exported("courses judged", "done"),
    Exported("courses", "total"),
    Exported("open charges moved", "changed"),
    Exported("released ones marked", "flagged"),
)
RETURNED = (
    *CHARGE[:8],
    Exported("fraction", "session__fraction"),
    Exported("returned to", "get_returned_to_display"),
    Exported("what is asked", "return_reason"),
    Exported("returned", "returned_at"),
    Exported("by", "returned_by__username"),
)
REFUSED = (
    Exported("line", "line"),
    Exported("record", "record"),
    Exported("what is wrong", "sentence"),
)
KEPT = (
    Exported("line", "line"),
    Exported("record", "record"),
    Exported("outcome", "outcome", Label(ImportedRow.Outcome)),
    Exported("session", "session__pk"),
    Exported("date of service", "session__date_of_service"),
    Exported("fraction", "session__fraction"),
    Exported("what, and why", "sentence"),
)
CLAIM_LINES = (
    Exported("authorization", "0__authorization"),
    Exported("member", "0__member_id"),
    *patient("0__patient__"),
    Exported("diagnoses", "0__diagnoses", JOINED),
    Exported("page", "0__page"),
    Exported("date", "1__charge__date_of_service"),
    Exported("place", "1__charge__place_of_service"),
    Exported("code", "1__charge__code"),
    Exported("modifiers", "1__modifiers"),
    Exported("pointer", "1__pointer"),
    Exported("amount", "1__charge__amount"),
    Exported("units", "1__charge__units"),
    Exported("rendering NPI", "1__rendering_npi"),
)
DAY = (
    Exported("course", "slot__course__code"),
    *patient("slot__course__patient__"),
    Exported("fraction", "slot__fraction"),
    Exported("fractions planned", "slot__course__fractions_planned"),
    Exported("recorded", "recorded__label"),
    Exported("imported", "imported__label"),
    Exported("images", "reviewed__label"),
    Exported("charge", "charged__label"),
)
GAPS = (
    Exported("what", "kind__label"),
    Exported("detail", "detail"),
    Exported("course", "course__code"),
    *patient("course__patient__"),
    Exported("body site", "course__body_site"),
    Exported("mended by", "remedy"),
    Exported("who acts", "owner__label"),
    Exported("taken by", "answer__taken_by__username"),
)
MAPPINGS = (
    Exported("facility", "facility__code"),
    Exported("dates", "get_date_format_display"),
    Exported("shifts", "get_shift_unit_display"),
    Exported("saved", "saved_at"),
    Exported("by", "saved_by__username"),
)
IMAGES = (
    Exported("before", "deadline__before"),
    *(Exported(column.heading, f"session__{column.path}", column.show) for column in SESSION),
    Exported("fractions planned", "session__course__fractions_planned"),
    Exported("shift LR, mm", "session__shift_lr_mm"),
    Exported("shift SI, mm", "session__shift_si_mm"),
    Exported("shift AP, mm", "session__shift_ap_mm"),
    Exported("therapist", "session__therapist__name"),
    Exported("reported approved at", "report__reviewed_at"),
    Exported("reported in a file of", "report__recorded_by__username"),
)
PLANNED_DAYS = (
    Exported("fraction", "fraction"),
    Exported("day", "on"),
    Exported("has a unit", "has_unit", {True: "yes", False: "no"}.get),
)


def same(row: Any) -> Any:
    return row


def of_changed(rows: QuerySet) -> Tables:
    """Released charges that would now be judged differently."""
    return {"changed": (CHANGED, rows)}


def of_disputes(words: list[Any], rules: list[Any], alone: list[Any]) -> Tables:
    """Disputes and overrides by rule and each by itself, and what one person did alone."""
    return {"by-rule": (BY_RULE, rules), "words": (WORDS, words), "alone": (ALONE, alone)}


def of_runs(rows: QuerySet) -> Tables:
    """Runs that judged charges again."""
    return {"runs": (RUNS, Made(rows, same))}


def of_returned(rows: list[Any]) -> Tables:
    """Charges that are out with the clinic."""
    return {"returned": (RETURNED, rows)}


def of_images(awaited: list[Any]) -> Tables:
    """Images that wait for this person, the most urgent first."""
    return {"images-awaiting-review": (IMAGES, awaited)}


def of_lines(refused: QuerySet, kept: QuerySet) -> Tables:
    """What became of each line of a file."""
    return {"kept": (KEPT, kept), "refused": (REFUSED, refused)}


def of_batch(charges: Iterable[Any], withdrawals: Iterable[Any]) -> Tables:
    """The lines of a batch and those it takes back, as the page lists them."""
    return {"charges": (CHARGE, [*charges, *withdrawals])}


def of_waiting(waiting: Iterable[Any], corrections: Iterable[Any]) -> Tables:
    """What is to be drawn, and which batches are to be corrected."""
    names = ("facility__code", "plan__payer__name", "count", "units", "amount")
    drawn = columns("facility", "payer", "charges", "units", "amount")
    mended = columns("batch", "lines to take back", "successors to send", "amount")
    more = ("number", "voided", "successors", "amount")
    return {
        "waiting": (drawn, [[row[name] for name in names] for row in waiting]),
        "corrections": (mended, [[row[name] for name in more] for row in corrections]),
    }


def of_claims(claims: Iterable[Any]) -> Tables:
    """The lines of each claim, beside the items that all its lines share."""
    return {"lines": (CLAIM_LINES, [(claim, line) for claim in claims for line in claim.lines])}


def of_day(account: Any) -> Tables:
    """Every row of a day with its stages, and what is open."""
    return {"day": (DAY, account.rows), "gaps": (GAPS, account.open)}


def of_course(requests: QuerySet) -> Tables:
    """The requests of a course."""
    return {"authorizations": (AUTHORIZATION, requests)}


def of_request(lines: QuerySet) -> Tables:
    """The lines of a request."""
    return {"lines": (LINE, lines)}


def of_ledger(sessions: Any, planned: Iterable[Any]) -> Tables:
    """The sessions or the planned days behind a figure of the units ledger."""
    days = list(planned)
    return {"ledger": (PLANNED_DAYS, days) if days else (SESSION, sessions)}


def of_mappings(rows: Any) -> Tables:
    """How the files of each facility are read."""
    return {"mappings": (MAPPINGS, list(rows))}

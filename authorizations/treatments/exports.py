"""A reconciled day and the images that wait for a review, as files."""

from __future__ import annotations

from typing import Any

from accounts.exports.column import Exported
from accounts.exports.response import Tables
from authorizations.web.export_columns import SESSION, patient

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


def awaited_image_tables(awaited: list[Any]) -> Tables:
    """Images that wait for this person, the most urgent first."""
    return {"images-awaiting-review": (IMAGES, awaited)}


def reconciliation_tables(account: Any) -> Tables:
    """Every row of a day with its stages, and what is open."""
    return {"day": (DAY, account.rows), "gaps": (GAPS, account.open)}

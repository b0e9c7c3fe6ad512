"""A reconciled day and the images that wait for a review, as files."""

from __future__ import annotations

from typing import Any

from accounts.exports.column import ExportColumn
from accounts.exports.response import Tables
from authorizations.web.export_columns import SESSION, patient_columns

DAY = (
    ExportColumn("course", "slot__course__code"),
    *patient_columns("slot__course__patient__"),
    ExportColumn("fraction", "slot__fraction"),
    ExportColumn("fractions planned", "slot__course__fractions_planned"),
    ExportColumn("recorded", "recorded__label"),
    ExportColumn("imported", "imported__label"),
    ExportColumn("images", "reviewed__label"),
    ExportColumn("charge", "charged__label"),
)
GAPS = (
    ExportColumn("what", "kind__label"),
    ExportColumn("detail", "detail"),
    ExportColumn("course", "course__code"),
    *patient_columns("course__patient__"),
    ExportColumn("body site", "course__body_site"),
    ExportColumn("mended by", "remedy"),
    ExportColumn("who acts", "owner__label"),
    ExportColumn("taken by", "answer__taken_by__username"),
)
IMAGES = (
    ExportColumn("before", "deadline__before"),
    *(ExportColumn(column.heading, f"session__{column.path}", column.show) for column in SESSION),
    ExportColumn("fractions planned", "session__course__fractions_planned"),
    ExportColumn("shift LR, mm", "session__shift_lr_mm"),
    ExportColumn("shift SI, mm", "session__shift_si_mm"),
    ExportColumn("shift AP, mm", "session__shift_ap_mm"),
    ExportColumn("therapist", "session__therapist__name"),
    ExportColumn("reported approved at", "report__reviewed_at"),
    ExportColumn("reported in a file of", "report__recorded_by__username"),
)


def awaited_image_tables(awaited: list[Any]) -> Tables:
    """Images that wait for this person, the most urgent first."""
    return {"images-awaiting-review": (IMAGES, awaited)}


def reconciliation_tables(account: Any) -> Tables:
    """Every row of a day with its stages, and what is open."""
    return {"day": (DAY, account.rows), "gaps": (GAPS, account.open)}

"""How a course is treated, on which days, and why it ends."""

from __future__ import annotations

from django.db import models


class EndReason(models.TextChoices):
    """Why a course was over, or never began."""

    COMPLETED = "completed", "Completed"
    PATIENT = "patient", "Patient's choice"
    DIED = "died", "Patient died"
    TOXICITY = "toxicity", "Toxicity"
    TRANSFERRED = "transferred", "Transferred elsewhere"
    OTHER_TREATMENT = "other_treatment", "Other treatment chosen"
    NOT_AUTHORIZED = "not_authorized", "Not authorized by the payer"
    TWICE = "twice", "Registered twice"


# Why a course ends once something was treated, and why it never begins.
END_REASONS = tuple(
    reason
    for reason in EndReason.values
    if reason not in (EndReason.NOT_AUTHORIZED, EndReason.TWICE)
)
CANCEL_REASONS = tuple(
    reason for reason in EndReason.values if reason not in (EndReason.COMPLETED, EndReason.TOXICITY)
)


class Weekday(models.IntegerChoices):
    """A day of the week, as Python counts them."""

    MONDAY = 0, "Mon"
    TUESDAY = 1, "Tue"
    WEDNESDAY = 2, "Wed"
    THURSDAY = 3, "Thu"
    FRIDAY = 4, "Fri"
    SATURDAY = 5, "Sat"
    SUNDAY = 6, "Sun"


def working_week() -> list[int]:
    """Monday to Friday."""
    return list(range(Weekday.SATURDAY))

"""The pages of the books in the admin."""

from __future__ import annotations

CASES = ("course", "priorauthorization", "guidancesession", "charge")


def pages(model) -> str:
    return f"admin:{model._meta.app_label}_{model._meta.model_name}"

"""A trigger that keeps a charge as it was released: it may be voided, and drawn into a batch."""

from __future__ import annotations

import pgtrigger

# What was billed, and on whose word.
BILLED = (
    "session_id", "facility_id", "plan_id", "date_of_service", "code", "modifiers", "units",
    "place_of_service", "amount", "amount_source", "disposition", "leading_rule", "replaces_id",
    "captured_at", "overridden_at", "overridden_by_id", "override_reason", "released_at",
    "released_by_id",
)  # fmt: skip


def released_stays_as_billed() -> pgtrigger.Trigger:
    """Nothing that was billed changes after its release, and a batch that took it keeps it."""
    old, new = (", ".join(f"{row}.{name}" for name in BILLED) for row in ("OLD", "NEW"))
    return pgtrigger.Trigger(
        name="charge_released_stays_as_billed",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF OLD.released_at IS NULL THEN
                IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                RETURN NEW;
            END IF;
            IF TG_OP = 'UPDATE' AND ROW({old}) IS NOT DISTINCT FROM ROW({new})
                AND (OLD.batch_id IS NULL OR NEW.batch_id = OLD.batch_id)
                AND (OLD.withdrawn_in_id IS NULL OR NEW.withdrawn_in_id = OLD.withdrawn_in_id) THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'Cannot change or delete a released charge: void it';
        """,
    )

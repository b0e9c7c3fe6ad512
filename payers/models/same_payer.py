"""The rows of one payer: what the database refuses to mix."""

from __future__ import annotations

import pgtrigger


def of_one_payer(name: str, *columns: str) -> pgtrigger.Trigger:
    """The issuer, and the plan where there is one, belong to the payer of the row."""
    checks = "".join(
        f"""
            IF NEW.{column}_id IS NOT NULL AND NEW.payer_id IS DISTINCT FROM
                (SELECT payer_id FROM payers_{column} WHERE id = NEW.{column}_id) THEN
                RAISE EXCEPTION 'The {column} belongs to another payer'
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';
            END IF;"""
        for column in columns
    )
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert
        | pgtrigger.UpdateOf("payer_id", *(f"{column}_id" for column in columns)),  # type: ignore[no-untyped-call]
        func=f"{checks} RETURN NEW;",
    )


def keeps_payer(name: str) -> pgtrigger.Trigger:
    """The payer of a row never changes: plans and policies rest on it."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("payer_id"),  # type: ignore[no-untyped-call]
        func=f"""
            IF NEW.payer_id <> OLD.payer_id THEN
                RAISE EXCEPTION 'An issuer stays with its payer'
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';
            END IF;
            RETURN NEW;
        """,
    )

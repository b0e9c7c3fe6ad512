"""What guards the history inside the database, made anew after every migration by the owner.

The triggers that write history run with the owner's rights over the owner's tables, so that the
application needs none of its own to write there, and nobody can put another table in their way.
"""

from __future__ import annotations

from typing import Any

from django.db import connections, transaction

# django-pgtrigger asks this function whether a trigger is to be left out. Nobody may say so here.
NOTHING_IS_LEFT_OUT = """
CREATE OR REPLACE FUNCTION "public"._pgtrigger_should_ignore(trigger_name NAME) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT false'
"""

# Who, which page, which request: what is once recorded stays. Only what was not yet known comes.
CONTEXT_IS_UNCHANGED = """
CREATE OR REPLACE FUNCTION history_context_is_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.id = OLD.id AND NEW.created_at = OLD.created_at
        AND NEW.metadata @> jsonb_strip_nulls(OLD.metadata) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Cannot change who made a recorded change';
END $$;
CREATE OR REPLACE TRIGGER history_context_is_unchanged
    BEFORE UPDATE OR DELETE ON pghistory_context
    FOR EACH ROW EXECUTE FUNCTION history_context_is_unchanged()
"""

# Without a fixed path a temporary table of the same name would take what belongs to the history;
# without the right to execute nobody can attach these functions to a table of their own.
TRIGGERS_ARE_THE_OWNERS = """
DO $$
DECLARE
    guard regprocedure;
BEGIN
    FOR guard IN
        SELECT DISTINCT f.oid::regprocedure FROM pg_proc f
        LEFT JOIN pg_trigger t ON t.tgfoid = f.oid AND NOT t.tgisinternal
        WHERE f.pronamespace = current_schema()::regnamespace
            AND (t.oid IS NOT NULL OR f.proname = '_pgh_attach_context')
            AND NOT f.prosecdef
    LOOP
        EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path = %I, pg_temp',
            guard, current_schema());
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', guard);
    END LOOP;
END $$
"""


def guard_history(*, using: str = "default", **_: Any) -> None:
    """After every migration: no switch, no other table in between, and nobody else's name."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass('pghistory_context') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return
        for statement in (NOTHING_IS_LEFT_OUT, CONTEXT_IS_UNCHANGED, TRIGGERS_ARE_THE_OWNERS):
            cursor.execute(statement)

"""Triggers that keep which images wait for an answer."""

from __future__ import annotations

import pgtrigger

SESSION = "authorizations_guidancesession"
TABLE = "authorizations_awaitedreview"
# Nobody has answered, or they were rejected and the session was corrected since.
WAITING = f"""
    SELECT s.id FROM {SESSION} s
    WHERE s.voided_at IS NULL AND s.modalities <> '{{}}' AND NOT EXISTS (
        SELECT 1 FROM authorizations_imagereview r
        WHERE r.session_id = s.id AND (r.decision = 'approved'
            OR r.decision = 'rejected' AND NOT EXISTS (
                SELECT 1 FROM authorizations_sessioncorrection c
                WHERE c.session_id = s.id AND c.at > r.recorded_at)))
"""


NEW = pgtrigger.Referencing(new="new_rows")


def weighing(sessions: str) -> str:
    """Whether the images of some sessions wait; one change after another, by their rows."""
    return f"""
        PERFORM 1 FROM {SESSION} WHERE id IN ({sessions}) ORDER BY id FOR NO KEY UPDATE;
        DELETE FROM {TABLE} WHERE session_id IN ({sessions});
        INSERT INTO {TABLE} (session_id) SELECT id FROM ({WAITING}) w WHERE id IN ({sessions});
    """


def new_sessions_await() -> pgtrigger.Trigger:
    """Nobody can have answered the images of a session that has just come."""
    return pgtrigger.Trigger(
        name="new_session_awaits_review",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=NEW,
        func=f"""
            INSERT INTO {TABLE} (session_id)
            SELECT id FROM new_rows WHERE voided_at IS NULL AND modalities <> '{{}}';
            RETURN NULL;
        """,
    )


def changed_sessions_await() -> pgtrigger.Trigger:
    """A session that is voided, stands again, or is imaged otherwise."""
    return pgtrigger.Trigger(
        name="session_awaits_review",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("voided_at", "modalities"),
        func=f"{weighing('NEW.id')} RETURN NULL;",
    )


def new_answers(name: str) -> pgtrigger.Trigger:
    """Answers or corrections, all of a statement at once: thousands come with an import."""
    return pgtrigger.Trigger(
        name=f"new_{name}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=NEW,
        func=f"{weighing('SELECT session_id FROM new_rows')} RETURN NULL;",
    )


def changed_answers(name: str) -> pgtrigger.Trigger:
    """An answer that is changed or taken away."""
    return pgtrigger.Trigger(
        name=f"changed_{name}",
        when=pgtrigger.After,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            {weighing("OLD.session_id")}
            IF TG_OP = 'UPDATE' AND OLD.session_id <> NEW.session_id THEN
                {weighing("NEW.session_id")}
            END IF;
            RETURN NULL;
        """,
    )

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


def weighing(session: str) -> str:
    """Whether the images of one session wait; one change after another, by its row."""
    return f"""
        PERFORM 1 FROM {SESSION} WHERE id = {session} FOR NO KEY UPDATE;
        DELETE FROM {TABLE} WHERE session_id = {session};
        INSERT INTO {TABLE} (session_id) SELECT id FROM ({WAITING}) w WHERE id = {session};
    """


def awaits_by_session() -> pgtrigger.Trigger:
    """A session that comes, is voided, or is imaged otherwise."""
    return pgtrigger.Trigger(
        name="session_awaits_review",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("voided_at", "modalities"),
        func=f"{weighing('NEW.id')} RETURN NULL;",
    )


def awaits_by_answer(name: str) -> pgtrigger.Trigger:
    """An answer or a correction of a session; one that is taken away too."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF TG_OP <> 'INSERT' THEN {weighing("OLD.session_id")} END IF;
            IF TG_OP <> 'DELETE' THEN {weighing("NEW.session_id")} END IF;
            RETURN NULL;
        """,
    )

"""The first answer of a payer, kept by the database when it comes and never changed after."""

from __future__ import annotations

from collections.abc import Iterable

import pgtrigger


def keeps_first_answer(answers: Iterable[str]) -> pgtrigger.Trigger:
    """The first standing that is an answer, and its date, stay with the request for ever."""
    words = ", ".join(f"'{answer}'" for answer in answers)
    return pgtrigger.Trigger(
        name="authorization_first_answer",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""
            IF TG_OP = 'UPDATE' AND OLD.first_answer <> '' THEN
                NEW.first_answer := OLD.first_answer;
                NEW.first_answered_on := OLD.first_answered_on;
            ELSIF NEW.status IN ({words}) THEN
                NEW.first_answer := NEW.status;
                NEW.first_answered_on := NEW.decided_on;
            ELSE
                NEW.first_answer := '';
                NEW.first_answered_on := NULL;
            END IF;
            RETURN NEW;
        """,
    )

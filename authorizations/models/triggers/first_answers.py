"""The first answer of a payer, and of each line, kept by the database when it comes."""

from __future__ import annotations

from collections.abc import Iterable

import pgtrigger


def keeps_first_answer(answers: Iterable[str]) -> pgtrigger.Trigger:
    """The first standing that is an answer, and its date, stay with the request for ever; only a
    correction of what was typed in, which counts itself, writes them anew.
    """
    words = ", ".join(f"'{answer}'" for answer in answers)
    return pgtrigger.Trigger(
        name="authorization_first_answer",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""
            IF TG_OP = 'UPDATE' AND OLD.first_answer <> ''
                AND NEW.answer_corrections = OLD.answer_corrections THEN
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


def passes_on_first_answer() -> pgtrigger.Trigger:
    """With the first answer of a request, what it says of each line is kept too; with an answer
    that was undone, what it said goes.
    """
    return pgtrigger.Trigger(
        name="authorization_first_lines",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(
            "OLD.first_answer IS DISTINCT FROM NEW.first_answer"
            " OR OLD.answer_corrections IS DISTINCT FROM NEW.answer_corrections"
        ),
        func="""
            UPDATE authorizations_authorizedservice
            SET first_decision = CASE NEW.first_answer WHEN '' THEN '' ELSE decision END,
                first_units = CASE NEW.first_answer WHEN '' THEN NULL ELSE units_approved END,
                first_reason = CASE NEW.first_answer WHEN '' THEN ''
                    ELSE coalesce(nullif(reason, ''), NEW.denial_reason) END
            WHERE authorization_id = NEW.id;
            RETURN NULL;
        """,
    )


def keeps_first_line() -> pgtrigger.Trigger:
    """What the first answer said of a line stays; a line that comes with an answer begins so."""
    return pgtrigger.Trigger(
        name="line_first_answer",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("request", "authorizations_priorauthorization")],
        func="""
            IF TG_OP = 'UPDATE' THEN
                IF pg_trigger_depth() = 1 THEN
                    NEW.first_decision := OLD.first_decision;
                    NEW.first_units := OLD.first_units;
                    NEW.first_reason := OLD.first_reason;
                END IF;
                RETURN NEW;
            END IF;
            SELECT * INTO request FROM authorizations_priorauthorization
            WHERE id = NEW.authorization_id;
            NEW.first_decision := '';
            NEW.first_units := NULL;
            NEW.first_reason := '';
            IF request.first_answer <> '' THEN
                NEW.first_decision := NEW.decision;
                NEW.first_units := NEW.units_approved;
                NEW.first_reason := coalesce(nullif(NEW.reason, ''), request.denial_reason);
            END IF;
            RETURN NEW;
        """,
    )

"""Every status has its tone and its properties, and the maps beside the pages miss none."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

from authorizations import workflow
from authorizations.imports.spreadsheet_changes import DECISIONS, STATUS_OF
from authorizations.imports.spreadsheet_export import STATUS
from authorizations.models import (
    ANSWERED,
    APPROVED,
    CONTESTED,
    EVER_GRANTED,
    LINE_DECIDED,
    LINE_IN_FORCE,
    MAY_BE_CONTESTED,
    NEVER_ANSWERED,
    TAKEN_BACK,
    WAITING,
    AuthorizationStatus,
    ChargeStatus,
    Disposition,
    LineDecision,
    ReviewDecision,
)
from authorizations.models.authorized_services import UNSENT
from authorizations.models.charges import OPEN
from authorizations.models.import_runs import ImportedRowOutcome
from authorizations.models.toned_choices import TonedChoices
from authorizations.prior_authorizations.decisions import CORRECTION_TO
from authorizations.web.event_labels import DONE

TONES = {"good", "info", "warn", "bad", "busy", "neutral"}
TONED = (AuthorizationStatus, ChargeStatus, Disposition, ReviewDecision, ImportedRowOutcome)
PROPERTIES = {
    "answered": ANSWERED,
    "approved": APPROVED,
    "contested": CONTESTED,
    "ever granted": EVER_GRANTED,
    "may be contested": MAY_BE_CONTESTED,
    "never answered": NEVER_ANSWERED,
    "taken back": TAKEN_BACK,
    "unsent": UNSENT,
    "waiting": WAITING,
}
REQUEST = {
    "not_required": {"never answered", "unsent"},
    "draft": {"never answered", "unsent"},
    "submitted": {"waiting"},
    "rejected": {"never answered", "unsent"},
    "pended": {"waiting"},
    "peer_to_peer": {"waiting", "contested"},
    "approved": {"answered", "approved", "ever granted"},
    "partially_approved": {"answered", "approved", "ever granted", "may be contested"},
    "deemed_approved": {"ever granted"},
    "denied": {"answered", "may be contested"},
    "appealed": {"waiting", "contested"},
    "upheld": {"answered", "may be contested"},
    "withdrawn": {"never answered", "taken back"},
    "cancelled": {"ever granted", "taken back"},
    "closed_no_info": {"unsent"},
    "superseded": {"ever granted"},
}
LINE = {
    "requested": set(),
    "pended": set(),
    "approved": {"in force", "decided"},
    "reduced": {"in force", "decided"},
    "denied": {"decided"},
}


@pytest.mark.parametrize("choices", TONED, ids=lambda choices: choices.__name__)
def test_every_value_has_a_known_tone_and_a_label(choices: type[TonedChoices]):
    assert set(choices.tones()) == set(choices.values)
    assert set(choices.tones().values()) <= TONES
    assert all(member.label for member in choices)


def test_the_properties_of_every_status_of_a_request_are_decided():
    found = {
        status.value: {name for name, members in PROPERTIES.items() if status in members}
        for status in AuthorizationStatus
    }
    assert found == REQUEST


def test_the_properties_of_every_answer_for_a_line_are_decided():
    found = {
        answer.value: {
            name
            for name, members in (("in force", LINE_IN_FORCE), ("decided", LINE_DECIDED))
            if answer in members
        }
        for answer in LineDecision
    }
    assert found == LINE


def test_the_workflow_and_the_models_agree_on_what_is_open_and_answered():
    assert set(workflow.DECIDED.split()) == set(ANSWERED)
    assert set(workflow.ALLOWED.split()) == set(APPROVED)
    assert set(workflow.DECIDING.split()) == set(WAITING)
    assert set(workflow.OPEN.split()) == set(OPEN)


@pytest.mark.parametrize(
    ("table", "statuses"),
    [
        (workflow.AUTHORIZATION_MOVES, AuthorizationStatus),
        (workflow.CHARGE_MOVES, ChargeStatus),
    ],
    ids=["requests", "charges"],
)
def test_the_moves_name_every_status_and_no_other(table, statuses):
    named = {status for row in table for status in (*row.from_states, row.to_state) if status}
    assert named == set(statuses.values)


def test_every_move_has_its_words_in_the_past_tense():
    moves = (*workflow.AUTHORIZATION_MOVES, *workflow.CHARGE_MOVES)
    assert {row.verb for row in moves} - set(DONE) == set()


def test_every_answer_of_a_request_can_be_corrected_to():
    assert set(CORRECTION_TO) == set(ANSWERED)


def test_the_departments_spreadsheet_knows_every_answer_for_a_line():
    assert set(STATUS) == set(STATUS_OF) == set(LineDecision)
    assert {STATUS[answer]: answer for answer in STATUS} == DECISIONS


def test_a_value_that_nobody_declared_is_an_error():
    with pytest.raises(ValueError, match="approved_with_conditions"):
        AuthorizationStatus("approved_with_conditions")


# Words that are nothing but a status, and the modules that still write them as text. The list only
# gets shorter: a new module asks the status (``AuthorizationStatus``, ``ANSWERED``, …).
ONLY_A_STATUS = {
    "partially_approved", "appealed", "upheld", "closed_no_info", "superseded", "not_billable",
}  # fmt: skip
WRITTEN_AS_TEXT = {
    "authorizations/exchange/department_csv.py",
    "authorizations/exchange/sheet_rows.py",  # words of files, which is plain Python
    "authorizations/imports/spreadsheet.py",
    "authorizations/imports/spreadsheet_changes.py",
    "authorizations/imports/spreadsheet_export.py",
    "authorizations/invariants/cases.py",
    "authorizations/invariants/records.py",
    "authorizations/models/charges.py",
    "authorizations/models/prior_authorizations.py",
    "authorizations/models/request_statuses.py",
    "authorizations/prior_authorizations/actions.py",
    "authorizations/prior_authorizations/decisions.py",
    "authorizations/workflow.py",
}


def modules_with_statuses_as_text() -> set[str]:
    root = Path(settings.BASE_DIR)
    found = set()
    for path in (root / "authorizations").rglob("*.py"):
        texts = {
            word
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            for word in re.findall(r"\w+", node.value if " " not in node.value else "")
            + re.findall(r"'(\w+)'", node.value)
        }
        if texts & ONLY_A_STATUS and "migrations" not in path.parts:
            found.add(path.relative_to(root).as_posix())
    return found


def test_no_further_module_writes_a_status_as_text():
    assert modules_with_statuses_as_text() == WRITTEN_AS_TEXT

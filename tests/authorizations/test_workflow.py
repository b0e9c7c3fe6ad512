"""The workflow tables: every legal move, every other refused, in words; and X12's answers."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Role
from authorizations.models import AuthorizationStatus, ChargeStatus
from authorizations.workflow import (
    AUTHORIZATION_MOVES,
    CHARGE_MOVES,
    DECISION_OF_ACTION_CODE,
    MOVE_OF_ACTION_CODE,
    NEED_IN_WORDS,
    UNDO_MOVES,
    UNDOABLE,
    IllegalMove,
    check,
    header_status,
    moves_from,
    release_gate,
)

EVERYTHING = dict.fromkeys([*NEED_IN_WORDS, "reason"], "given")
TABLES = ((AUTHORIZATION_MOVES, AuthorizationStatus), (CHARGE_MOVES, ChargeStatus))
# The table of the payers' page: from where a verb may go, and whereto.
LEGAL = {
    ("draft", "not_required"), ("draft", "submitted"), ("submitted", "rejected"),
    ("rejected", "draft"), ("submitted", "pended"), ("submitted", "approved"),
    ("submitted", "partially_approved"), ("submitted", "denied"), ("pended", "submitted"),
    ("pended", "peer_to_peer"), ("pended", "approved"), ("pended", "partially_approved"),
    ("pended", "denied"), ("pended", "closed_no_info"), ("denied", "peer_to_peer"),
    ("peer_to_peer", "approved"), ("peer_to_peer", "partially_approved"),
    ("peer_to_peer", "denied"), ("denied", "appealed"), ("partially_approved", "appealed"),
    ("appealed", "approved"), ("appealed", "partially_approved"), ("appealed", "upheld"),
    ("upheld", "appealed"), ("partially_approved", "peer_to_peer"), ("draft", "withdrawn"),
    ("submitted", "withdrawn"), ("pended", "withdrawn"), ("approved", "cancelled"),
    ("partially_approved", "cancelled"), ("approved", "superseded"),
    ("partially_approved", "superseded"), ("closed_no_info", "draft"), ("not_required", "draft"),
}  # fmt: skip
FORBIDDEN = {("denied", "approved"), ("denied", "submitted"), ("approved", "draft")}


def test_every_move_of_the_payers_table_is_there_and_the_forbidden_ones_are_not():
    ours = {(old, m.to_state) for m in AUTHORIZATION_MOVES for old in m.from_states}
    assert ours >= LEGAL
    mended = {
        (old, m.to_state)
        for m in AUTHORIZATION_MOVES
        for old in m.from_states
        if m.verb.startswith("correct_to_")
    }
    assert not (ours - mended) & FORBIDDEN
    assert mended & FORBIDDEN == {("denied", "approved")}  # only as typed wrongly, with a reason


@pytest.mark.parametrize(("table", "states"), TABLES)
def test_a_move_goes_only_where_the_table_says(table, states):
    for row in table:
        for status in states.values:
            roles = row.roles
            if status in row.from_states:
                assert check(table, row.verb, status, roles, EVERYTHING) == row
            else:
                with pytest.raises(IllegalMove, match="is not possible from"):
                    check(table, row.verb, status, roles, EVERYTHING)


@pytest.mark.parametrize(("table", "states"), TABLES)
def test_a_move_is_refused_to_other_roles_and_without_what_it_needs(table, states):
    for row in table:
        status = sorted(row.from_states)[0]
        for role in set(Role.values) - row.roles:
            with pytest.raises(IllegalMove, match="is for a"):
                check(table, row.verb, status, {role}, EVERYTHING)
        for need in (*row.needs, *(["reason"] if row.asks_reason else [])):
            with pytest.raises(IllegalMove, match="needs"):
                check(table, row.verb, status, row.roles, {**EVERYTHING, need: " "})


def test_a_verb_nobody_knows_is_refused():
    with pytest.raises(IllegalMove, match="no such move"):
        check(AUTHORIZATION_MOVES, "explode", "draft", {"manager"}, {})


@given(st.randoms(use_true_random=False), st.sampled_from([0, 1]))
def test_a_random_walk_never_leaves_the_table(chance: random.Random, which: int):
    table, states = TABLES[which]
    status = "draft" if which == 0 else "captured"
    for _ in range(30):
        possible = moves_from(table, status, {"manager", "front_desk", "coder", "physician"})
        if not possible:
            break
        row = chance.choice(possible)
        status = check(table, row.verb, status, row.roles, EVERYTHING).after(status)
        assert status in states.values


@given(
    st.lists(st.sampled_from(["requested", "pended", "approved", "reduced", "denied"]), min_size=1)
)
def test_the_standing_of_a_request_follows_from_its_lines_in_any_order(decisions):
    status = header_status(decisions)
    assert status == header_status(decisions[::-1])
    found = set(decisions)
    assert (status == "approved") == (found == {"approved"})
    assert (status == "denied") == (found == {"denied"})
    if found & {"pended", "requested"}:
        assert status in ("pended", "submitted")


@pytest.mark.parametrize(
    ("disposition", "has_reason", "is_overridden", "may"),
    [
        ("pass", False, False, True),
        ("WARN", False, False, True),
        ("HOLD", False, False, False),
        ("HOLD", True, False, True),
        ("STOP", True, False, False),
        ("STOP", True, True, True),
        ("", True, True, False),
    ],
)
def test_the_gate_of_a_release(disposition, has_reason, is_overridden, may):
    refusal = release_gate(disposition, has_reason=has_reason, is_overridden=is_overridden)
    assert (refusal is None) == may


@pytest.mark.parametrize(
    ("code", "decision"),
    [
        ("A1", "approved"),
        ("A2", "reduced"),
        ("A3", "denied"),
        ("A4", "pended"),
        ("A6", "reduced"),
        ("CT", "pended"),
    ],
)
def test_an_x12_action_code_is_a_decision_of_a_line(code, decision):
    assert DECISION_OF_ACTION_CODE[code] == decision


def test_x12_answers_that_are_moves_of_the_request():
    verbs = {row.verb for row in AUTHORIZATION_MOVES}
    assert set(MOVE_OF_ACTION_CODE.values()) <= verbs
    assert MOVE_OF_ACTION_CODE["AAA"] == "reject"


def test_each_move_that_may_be_undone_has_its_way_back_and_no_other_has_one():
    forward = {(m.to_state, old) for m in AUTHORIZATION_MOVES for old in m.from_states
               if m.verb in UNDOABLE}  # fmt: skip
    assert {(old, m.to_state) for m in UNDO_MOVES for old in m.from_states} == forward
    for row in UNDO_MOVES:
        status = sorted(row.from_states)[0]
        assert check(UNDO_MOVES, row.verb, status, row.roles, EVERYTHING) == row
        with pytest.raises(IllegalMove, match="needs a reason"):
            check(UNDO_MOVES, row.verb, status, row.roles, {})

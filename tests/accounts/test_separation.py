"""Who may not do what, having done what."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.separation import DUTIES, DUTY, separation_refusal
from tests import factories as make

ON = date(2026, 11, 27)


@pytest.mark.parametrize("duty", DUTIES, ids=lambda duty: duty.key)
def test_whoever_did_the_first_leaves_the_second_to_somebody_else(db, duty):
    doer, other = make.UserFactory(), make.UserFactory()
    sentence = separation_refusal(duty.key, by=doer, doers=[doer, None], on=ON)
    assert duty.second_person in sentence
    assert separation_refusal(duty.key, by=other, doers=[doer.pk, None], on=ON) is None


@pytest.mark.parametrize(
    ("day", "is_free"),
    [
        (date(2026, 10, 31), False),
        (date(2026, 11, 1), True),
        (date(2026, 11, 30), True),
        (date(2026, 12, 1), False),
    ],
)
def test_a_row_is_switched_off_for_its_days_only(db, day, is_free):
    doer = make.UserFactory()
    make.DutySettingFactory(
        effective_from=date(2026, 11, 1), effective_through=date(2026, 11, 30), by=doer
    )
    refused = separation_refusal("release-own-session", by=doer, doers=[doer], on=day)
    assert (refused is None) == is_free
    assert separation_refusal("release-own-correction", by=doer, doers=[doer], on=day)


def test_nobody_changes_their_own_roles_whatever_is_switched_off(db):
    doer = make.UserFactory()
    make.DutySettingFactory(duty="change-own-roles", by=doer)
    assert not DUTY["change-own-roles"].can_be_switched_off
    assert separation_refusal("change-own-roles", by=doer, doers=[doer], on=ON)

"""An auditor reads the rules of two people, their exceptions, and what was done alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.separation import DUTIES
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_every_rule_is_listed_with_when_it_was_off_and_why(auditor):
    today = timezone.localdate()
    make.DutySettingFactory(duty="release-own-session", reason="One coder until spring")
    make.DutySettingFactory(
        duty="publish-own-policy", reason="Over now", effective_through=today - timedelta(days=3)
    )
    page = auditor.get(reverse("two_person_rules"))
    status = {row.duty.key: row.status for row in page.context["duties"]}
    assert set(status) == {duty.key for duty in DUTIES}
    assert status["release-own-session"] == "switched off"
    assert status["change-own-roles"] == "always in force"
    assert status["publish-own-policy"] == "in force"
    assert "One coder until spring" in page.content.decode()
    assert "Over now" in page.content.decode()


def test_what_was_done_alone_is_read_where_the_role_is_held(auditor, facility, elsewhere):
    here, there, everywhere = (
        make.ProposedChangeFactory(took_effect_alone=True, kind="role", facility=place)
        for place in (facility, elsewhere, None)
    )
    shown = auditor.get(reverse("two_person_rules")).context["alone_changes"]
    assert [change.pk for change in shown] == [here.pk]
    assert {there.pk, everywhere.pk}.isdisjoint(change.pk for change in shown)


def test_nothing_is_changed_from_there(auditor):
    page = auditor.get(reverse("two_person_rules")).content.decode()
    main = page[page.index("<main") : page.index("</main")]
    assert "<form" not in main

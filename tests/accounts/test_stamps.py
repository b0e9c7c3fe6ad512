"""The moments a page gives to machines: valid HTML, to the second."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template

SEEN = datetime(2026, 11, 24, 12, 18, 32, 563044, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (SEEN, "2026-11-24T06:18:32-06:00"),
        (date(2026, 11, 24), "2026-11-24"),
        (None, ""),
    ],
)
def test_a_moment_is_told_to_the_second_in_the_clinics_time(settings, when, said):
    settings.TIME_ZONE = "America/Chicago"
    shown = Template("{% load dates %}{{ when|stamp }}").render(Context({"when": when}))
    assert shown == said

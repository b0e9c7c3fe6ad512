"""What the README says exists, exists."""

from __future__ import annotations

import re
from pathlib import Path

from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
TEXTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_every_command_that_is_named_exists():
    known = {*get_commands(), "test"}
    named = {
        name for path in TEXTS for name in re.findall(r"manage\.py ([a-z_]+)", path.read_text())
    }
    assert {"demo", "test", "seed"} <= named
    assert named <= known


def test_every_file_that_is_named_exists():
    for path in TEXTS:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", path.read_text()):
            assert (path.parent / target).exists(), f"{path.name}: {target}"
    tour = re.findall(
        r"`((?:config|coding|authorizations|templates|tests)/[\w./]+)`", TEXTS[0].read_text()
    )
    assert len(tour) >= 6
    for target in tour:
        assert (ROOT / target).exists(), target

"""What docs/security.md claims is shown by a test that exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROWS = [
    line
    for line in (ROOT / "docs" / "security.md").read_text().splitlines()
    if line.startswith("|") and not line.startswith(("|---", "| Threat"))
]


def names_in(path: str) -> set[str]:
    """The names of the tests in a file; none where there is no such file."""
    file = ROOT / path
    tree = ast.parse(file.read_text()) if file.exists() else ast.Module([], [])
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_claim_names_a_test_that_exists():
    assert len(ROWS) > 20
    for row in ROWS:
        named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", row)
        assert named, row
        assert [name for path, name in named if name not in names_in(path)] == []

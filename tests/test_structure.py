"""Where things stand: one name for each idea of an app, and tests that share through support."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("accounts", "coding", "payers", "authorizations", "config", "seeds")
LEFT_ALONE = {"migrations", "commands"}  # Django asks for one class name in each of these


def modules_of(app: str) -> list[Path]:
    found = sorted((ROOT / app).rglob("*.py"))
    return [path for path in found if not LEFT_ALONE & set(path.parts)]


@pytest.mark.parametrize("app", APPS)
def test_no_public_name_is_defined_in_two_modules_of_an_app(app):
    homes: dict[str, list[str]] = defaultdict(list)
    for path in modules_of(app):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(str(path.relative_to(ROOT)))
    assert {name: paths for name, paths in homes.items() if len(paths) > 1} == {}


def test_no_test_module_imports_another():
    found = [
        f"{path.relative_to(ROOT)}: {node.module}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").rsplit(".", 1)[-1].startswith("test_")
    ]
    assert found == []

"""Where things stand: one name for each idea of an app, and tests that share through support."""

from __future__ import annotations

import ast
import re
import tomllib
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


PAGE = (ROOT / "docs" / "architecture.md").read_text()


def test_the_page_of_the_house_has_the_layers_of_the_contract():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(c["layers"] for c in contracts["contracts"] if c.get("exhaustive"))
    table = PAGE.split("## Inside authorizations")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert [set(re.findall(r"`(\w+)`", row)) for row in rows] == [
        {name.strip() for name in layer.split("|")} for layer in layers
    ]


def test_every_file_and_folder_that_the_page_names_is_there():
    named = set(re.findall(r"`([\w./]+(?:\.py|/))`", PAGE))
    assert len(named) > 30
    inner = {"rollups/", "reconciliation/", "queue/", "evidence/", "triggers/"}
    inner |= {"database/", "past/", "exports/", "web/", "rules/", "imports/"}
    inner |= {"policies/", "amounts/", "clocks/", "may_we_bill/", "published_metrics/"}
    inner |= {"directory/", "letters/"}
    assert sorted(name for name in named - inner if not (ROOT / name).exists()) == []
    folders = {f"{path.name}/" for app in APPS for path in (ROOT / app).rglob("*") if path.is_dir()}
    assert inner <= folders


def test_every_module_that_a_document_names_is_there():
    documents = [*(ROOT / "docs").rglob("*.md"), ROOT / "CONTRIBUTING.md", ROOT / "README.md"]
    found = [
        f"{document.relative_to(ROOT)}: {name}"
        for document in documents
        for name in re.findall(r"`([\w.-]+(?:/[\w.-]+)+\.py)", document.read_text())
        if not (ROOT / name).exists() and not (ROOT / "authorizations" / name).exists()
    ]
    assert found == []

"""The edition of the rulebook: a fingerprint of what its rules say and do.

Layout, comments, docstrings and the code that prints or stores verdicts are no part of it: two
editions differ only where a verdict, its words or its sources could.
"""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path

WITHOUT_EFFECT = frozenset({"edition", "printing", "serialize"})


def fingerprint(folder: Path) -> str:
    """The edition of the rule modules in a folder, as it is stored with each verdict."""
    judging = (path for path in sorted(folder.glob("*.py")) if path.stem not in WITHOUT_EFFECT)
    content = "\n".join(f"# {path.stem}\n{without_prose(path.read_text())}" for path in judging)
    return f"rulebook {hashlib.sha256(content.encode()).hexdigest()[:12]}"


def without_prose(source: str) -> str:
    """The statements of a module, without comments, docstrings and layout."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        described = (ast.Module, ast.ClassDef, ast.FunctionDef)
        if isinstance(node, described) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)

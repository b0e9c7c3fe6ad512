"""A line and its verdict in one short phrase: 77387-26: STOP (R31)."""

from __future__ import annotations

from collections.abc import Iterable

from coding.rules import Finding


def verdict_label(line: str, disposition: str, findings: Iterable[Finding]) -> str:
    """Line, verdict, and the rules behind it; notes are left out."""
    numbers = ", ".join(f.number for f in findings if f.severity.name != "NOTE")
    return f"{line}: {disposition}{f' ({numbers})' if numbers else ''}"[:200]

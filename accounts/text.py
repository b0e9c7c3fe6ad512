"""Text as people type it, before it goes anywhere."""

from __future__ import annotations


def one_line(text: str, longest: int) -> str:
    """Without control characters and needless spaces, cut to a length."""
    kept = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(kept.split())[:longest]

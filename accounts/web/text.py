"""Text as people type it, before it goes anywhere; and days as they read them."""

from __future__ import annotations

from datetime import date


def one_line(text: str, longest: int) -> str:
    """Without control characters and needless spaces, cut to a length."""
    kept = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(kept.split())[:longest]


def shown_day(day: date) -> str:
    """A day as sentences for people say it: 23 Nov 2026."""
    return f"{day:%-d %b %Y}"

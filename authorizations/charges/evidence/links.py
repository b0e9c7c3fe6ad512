"""A link of the evidence of one fraction, and the words that several links share."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from authorizations.models import GuidanceSession

WHOLE, WEAK, MISSING, NOT_NEEDED = "whole", "weak", "missing", "not needed"
TONES = {WHOLE: "good", WEAK: "warn", MISSING: "bad", NOT_NEEDED: "neutral"}
LABELS = {WHOLE: "On file", WEAK: "Weak", MISSING: "Missing", NOT_NEEDED: "Not needed"}


@dataclass(frozen=True)
class EvidenceItem:
    """One link: what is known, who vouches for it and when, its reference; or what is missing."""

    title: str
    standing: str = WHOLE
    what: str = ""
    who: str = ""
    when: Any = None
    reference: str = ""
    missing: str = ""
    acts: str = ""
    href: str = ""
    label: str = ""
    facts: tuple[tuple[str, str], ...] = field(default=())

    @property
    def tone(self) -> str:
        return TONES[self.standing]

    @property
    def said(self) -> str:
        return self.label or LABELS[self.standing]


def with_gap(
    link: EvidenceItem, standing: str, missing: str, acts: str, **more: str
) -> EvidenceItem:
    """The link with what it lacks."""
    return replace(link, standing=standing, missing=missing, acts=acts, **more)


def by(provider: Any) -> str:
    return f"{provider}, NPI {provider.npi}" if provider.npi else str(provider)


def record(session: GuidanceSession) -> str:
    return f"Record {session.source_record}" if session.source_record else "Recorded by hand"

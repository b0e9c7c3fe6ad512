"""Facts and verdicts as canonical JSON: the same facts give the same bytes, today and in ten
years.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from datetime import date, datetime
from functools import cache
from typing import Any

from coding.rules.book import Correction, Finding, Severity, Verdict
from coding.rules.facts import ChargeFacts


def facts_to_json(facts: ChargeFacts) -> str:
    """Canonical JSON of the facts: sorted keys, ISO dates with their offset, no spaces."""
    return canonical(dataclasses.asdict(facts))


def verdict_to_json(verdict: Verdict) -> str:
    """Canonical JSON of the findings, severities by name."""
    return canonical(
        {
            "disposition": verdict.disposition,
            "findings": [finding_as_data(finding) for finding in verdict.findings],
        }
    )


def finding_as_data(finding: Finding) -> dict[str, Any]:
    return dataclasses.asdict(finding) | {"severity": finding.severity.name}


def canonical(data: Any) -> str:
    return json.dumps(
        data, default=plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in facts.")


def facts_from_json(text: str) -> ChargeFacts:
    """The facts that were written; exactly those."""
    return typing.cast(ChargeFacts, build(ChargeFacts, json.loads(text)))


def findings_from_json(text: str) -> tuple[Finding, ...]:
    """The findings of a stored verdict."""
    return tuple(finding_from_data(data) for data in json.loads(text)["findings"])


def finding_from_data(data: dict[str, Any]) -> Finding:
    correction = data["correction"]
    return Finding(
        **{
            **data,
            "severity": Severity[data["severity"]],
            "likely_denial": tuple(data["likely_denial"]),
            "correction": build(Correction, correction) if correction else None,
        }
    )


@cache
def hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def build(kind: Any, data: Any) -> Any:
    """A value of a declared type from plain JSON data."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        inner = next(argument for argument in arguments if argument is not type(None))
        return None if data is None else build(inner, data)
    if origin is tuple:
        return tuple(build(arguments[0], item) for item in data)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        declared = hints(kind)
        return kind(**{name: build(declared[name], value) for name, value in data.items()})
    if kind is datetime:
        return datetime.fromisoformat(data)
    return date.fromisoformat(data) if kind is date else data

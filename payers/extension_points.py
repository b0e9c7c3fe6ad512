"""What happens to cases when a policy changes: the app above enters how it finds out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import User


@dataclass
class Hooks:
    """``impact`` tells what a proposed policy would change; ``apply`` brings cases in step and
    says so."""

    impact: Callable[[Any], Any] = lambda policy: None
    apply: Callable[[Any, User], str] = lambda policy, by: ""


HOOKS = Hooks()

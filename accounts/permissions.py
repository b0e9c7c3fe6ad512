"""Doors: a page opens only for a role that carries its permission."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.models import Facility, User
from accounts.roles import Permission, has_permission, is_permitted_somewhere

V = TypeVar("V", bound=Callable[..., HttpResponseBase])


def signed_in_person(request: HttpRequest) -> User:
    """Who sent the request, on a page that opens to people who are signed in."""
    return cast(User, request.user)


def permit(*permissions: Permission) -> Callable[[V], V]:
    """Open the page to people whose roles carry any of these permissions; 403 for others."""

    def decorate(view: V) -> V:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            require_somewhere(request, *permissions)
            return view(request, *args, **kwargs)

        guarded.permissions = permissions  # type: ignore[attr-defined]
        return cast(V, guarded)

    return decorate


def require_somewhere(request: HttpRequest, *permissions: Permission) -> None:
    """Raise PermissionDenied with a sentence unless one of the permissions is held somewhere."""
    if not is_permitted_somewhere(request.user, *permissions):
        raise PermissionDenied(f"Your role does not include: {either(permissions)}.")


def require(request: HttpRequest, *permissions: Permission, facility: Facility | None) -> None:
    """Raise PermissionDenied with a sentence unless one of the permissions is held there."""
    if not any(has_permission(request.user, p, facility) for p in permissions):
        where = f" at {facility}" if facility else ""
        raise PermissionDenied(f"Your role does not include: {either(permissions)}{where}.")


def either(permissions: tuple[Permission, ...]) -> str:
    return " or ".join(str(permission) for permission in permissions)

"""Which PostgreSQL: DATABASE_URL when it is set, else the embedded one in development.

The application works in the role of DATABASE_URL; migrations are run in that of
DATABASE_OWNER_URL, which owns the tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.environment import flag

EXAMPLE = "postgresql://ledger:password@db.example.org:5432/ledger"
NEAR = ("", "localhost", "::1")
REUSED = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def databases(environ: Mapping[str, str], *, debug: bool) -> dict[str, dict[str, Any]]:
    """Django's DATABASES. Raises ImproperlyConfigured with a sentence that says what to set."""
    url = environ.get("DATABASE_URL", "")
    if url:
        if debug and not flag(environ, "DEBUG_ON_REMOTE_DATABASE", default=False):
            check_is_near(from_url(url)["HOST"])
        return {"default": with_owner(from_url(url), environ.get("DATABASE_OWNER_URL", ""))}
    if not debug:
        raise ImproperlyConfigured(
            f"DATABASE_URL is not set. Set it to your PostgreSQL, for example {EXAMPLE}. "
            "(The embedded PostgreSQL is only for development: it runs when DEBUG=1.)"
        )
    embedded = {
        "ENGINE": "config.embedded_postgresql",
        "NAME": "ledger",
        "USER": "ledger",
        "APPLICATION_ROLE": "ledger",
        "OWNER": {"USER": "postgres"},
    }
    return {"default": {**embedded, **REUSED}}


def check_is_near(host: str) -> None:
    """Error pages of DEBUG show what was typed: they belong to a database of this machine."""
    if not (host in NEAR or host.startswith(("/", "127."))):
        raise ImproperlyConfigured(
            f"DEBUG is on and DATABASE_URL names the server {host}: error pages would show what "
            "people typed. Set DEBUG=0, or take a database of this machine. Where nobody in the "
            "database is real, DEBUG_ON_REMOTE_DATABASE=1 allows it."
        )


def with_owner(application: dict[str, Any], owner_url: str) -> dict[str, Any]:
    """The application's database with the role that owns its tables. Raises
    ImproperlyConfigured when the two addresses do not belong together.
    """
    if not owner_url:
        return application
    owner = from_url(owner_url, "DATABASE_OWNER_URL")
    if owner["NAME"] != application["NAME"] or owner["USER"] == application["USER"]:
        raise ImproperlyConfigured(
            "DATABASE_OWNER_URL must name the same database as DATABASE_URL, with another role: "
            "the owner of the tables, in whose name migrations are run."
        )
    named = {name: owner[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")}
    return {**application, "APPLICATION_ROLE": application["USER"], "OWNER": named}


def from_url(url: str, variable: str = "DATABASE_URL") -> dict[str, Any]:
    """One database from its address; percent signs are decoded, options passed on."""
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgres", "postgresql") or not name:
        raise ImproperlyConfigured(f"{variable} is not a PostgreSQL address like {EXAMPLE}.")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        **REUSED,
    }

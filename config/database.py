"""Which PostgreSQL: DATABASE_URL when it is set, else the embedded one in development."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

EXAMPLE = "postgresql://ledger:password@db.example.org:5432/ledger"
REUSED = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def databases(environ: Mapping[str, str], *, debug: bool) -> dict[str, dict[str, Any]]:
    """Django's DATABASES. Raises ImproperlyConfigured with a sentence that says what to set."""
    url = environ.get("DATABASE_URL", "")
    if url:
        return {"default": from_url(url)}
    if not debug:
        raise ImproperlyConfigured(
            f"DATABASE_URL is not set. Set it to your PostgreSQL, for example {EXAMPLE}. "
            "(The embedded PostgreSQL is only for development: it runs when DEBUG=1.)"
        )
    return {"default": {"ENGINE": "config.embedded_postgresql", "NAME": "ledger", **REUSED}}


def from_url(url: str) -> dict[str, Any]:
    """One database from its address; percent signs are decoded, options passed on."""
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgres", "postgresql") or not name:
        raise ImproperlyConfigured(f"DATABASE_URL is not a PostgreSQL address like {EXAMPLE}.")
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

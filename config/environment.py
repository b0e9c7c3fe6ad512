"""Reading the environment: each missing or unsafe value says what to set and how."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

YES, NO = ("1", "true", "yes", "on"), ("0", "false", "no", "off", "")
SHORTEST_KEY, FEWEST_CHARACTERS = 50, 16
HOW_TO_MAKE_A_KEY = "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
DEVELOPMENT_KEY = Path(__file__).resolve().parent.parent / ".local" / "secret-key"


def flag(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    """A switch: 1 or 0. Raises ImproperlyConfigured for anything else."""
    text = environ.get(name)
    if text is None:
        return default
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise ImproperlyConfigured(f"{name} is {text!r}: set it to 1 or 0.")


def listing(environ: Mapping[str, str], name: str, *, default: str = "") -> list[str]:
    """Names separated by commas."""
    return [part.strip() for part in environ.get(name, default).split(",") if part.strip()]


def proxies(environ: Mapping[str, str], name: str) -> list[str]:
    """Addresses or networks of proxies, or "unix" for a socket. Raises ImproperlyConfigured."""
    found = listing(environ, name)
    for proxy in found:
        try:
            if proxy != "unix":
                ip_network(proxy)
        except ValueError as error:
            raise ImproperlyConfigured(
                f"{name} holds {proxy!r}: list addresses such as 10.0.0.7, networks such as "
                "10.1.0.0/16, or unix for a socket, separated by commas."
            ) from error
    return found


def secret_key(environ: Mapping[str, str], *, debug: bool) -> str:
    """The key that signs sessions; in development one is made and kept beside the database."""
    key = environ.get("SECRET_KEY", "")
    if debug:
        return key or development_key()
    if not key:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Set it to a long random text and keep it secret, for example "
            f"the output of: {HOW_TO_MAKE_A_KEY}"
        )
    if len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_CHARACTERS:
        raise ImproperlyConfigured(
            f"SECRET_KEY is too easy to guess: it needs at least {SHORTEST_KEY} characters, "
            f"{FEWEST_CHARACTERS} of them different. Take the output of: {HOW_TO_MAKE_A_KEY}"
        )
    return key


def allowed_hosts(environ: Mapping[str, str], *, debug: bool) -> list[str]:
    """The names under which the app answers. Raises ImproperlyConfigured for any name at all."""
    hosts = listing(environ, "ALLOWED_HOSTS", default="localhost,127.0.0.1,[::1]")
    if "*" in hosts and not debug:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS is *: anybody could send people to a name of their own. Set it to the "
            "names under which the app answers, such as ledger.example.org."
        )
    return hosts


def development_key() -> str:
    """A key of this checkout, made once."""
    DEVELOPMENT_KEY.parent.mkdir(parents=True, exist_ok=True)
    if not DEVELOPMENT_KEY.exists():
        DEVELOPMENT_KEY.write_text(secrets.token_urlsafe(50))
        DEVELOPMENT_KEY.chmod(0o600)
    return DEVELOPMENT_KEY.read_text()

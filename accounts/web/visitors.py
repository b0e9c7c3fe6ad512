"""Where a request comes from: the visitor's own address, also behind proxies that we trust."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

SOCKET = "unix"  # a proxy on the same machine that speaks through a socket has no address


def visitor_address(request: HttpRequest) -> str:
    """The address of the visitor; nothing where none is known.

    X-Forwarded-For counts only as far as trusted proxies wrote it: it is read from its end, each
    of our proxies (TRUSTED_PROXIES) having added the address that it saw. What stands before the
    first address that is not a proxy of ours is whatever the visitor sent, and is ignored.
    """
    seen = request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    while hops and is_trusted(seen):
        hop = plain_address(hops.pop())
        if not hop:
            break
        seen = hop
    return plain_address(seen)


def is_trusted(address: str) -> bool:
    """Whether this is a proxy that the operator named."""
    proxies: list[str] = settings.TRUSTED_PROXIES
    found = plain_address(address)
    if not found:
        return not address and SOCKET in proxies
    return any(ip_address(found) in ip_network(proxy) for proxy in proxies if proxy != SOCKET)


def plain_address(text: str) -> str:
    """An IPv4 or IPv6 address as the database holds it; nothing for anything else."""
    try:
        found = ip_address(text)
    except ValueError:
        return ""
    mapped = getattr(found, "ipv4_mapped", None)
    if getattr(found, "scope_id", None):
        return ""
    return str(mapped or found)

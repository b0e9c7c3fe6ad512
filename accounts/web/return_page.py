"""The page a form says to return to: one of this site, or none."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.kept_forms import answers_get


def asked_page(request: HttpRequest, text: str | None) -> str:
    """The address, where a page of this site stands; else nothing: no other site, no 404."""
    address = text or ""
    here = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    return address if here and answers_get(urlsplit(address).path) else ""

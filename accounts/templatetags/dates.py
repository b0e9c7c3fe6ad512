"""Moments and days as machines read them in a page."""

from __future__ import annotations

from datetime import date, datetime

from django import template

register = template.Library()


@register.filter(expects_localtime=True)
def stamp(when: date | datetime | None) -> str:
    """A day or moment for the `datetime` of a time element: to the second, as people read it.

    HTML allows three digits of a second; the database keeps six.
    """
    if isinstance(when, datetime):
        return when.isoformat(timespec="seconds")
    return when.isoformat() if when else ""

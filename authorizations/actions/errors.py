"""What an action refuses, in words for the person who asked."""

from __future__ import annotations


class NotRegistered(Exception):
    """The course cannot be registered; the message says what would make it right."""


class NotRecorded(Exception):
    """The session or review cannot be written; the message says what would make it right."""

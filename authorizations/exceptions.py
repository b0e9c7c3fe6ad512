"""What an action refuses, in words for the person who asked."""

from __future__ import annotations


class Refused(Exception):
    """The verb cannot be done; the message says what is wrong and what would make it right."""


class NotRegistered(Exception):
    """The course cannot be registered; the message says what would make it right."""


class NotRecorded(Exception):
    """The session or review cannot be written; the message says what would make it right."""

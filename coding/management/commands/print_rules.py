"""Print the rulebook to docs/rules.md."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from coding.rules.printing import rulebook_as_markdown


class Command(BaseCommand):
    """Writes the document; a test holds it against the book."""

    help = "Print the rulebook to docs/rules.md."

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "rules.md"
        path.write_text(rulebook_as_markdown())
        self.stdout.write(f"{path.name} printed.")

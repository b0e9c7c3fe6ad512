"""Acknowledge a file of HL7 messages: one acknowledgement each, in a file next to it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.utils import timezone

from authorizations.exchange.hl7_acknowledgements import acknowledgements
from authorizations.exchange.hl7_framing import is_hl7
from authorizations.models import ImportedRow


def write_acknowledgements(path: Path, content: bytes) -> None:
    """FILE.ack next to an HL7 file that was imported: AA taken, AE refused with the reason.

    A file sent again is answered again, as it was.
    """
    if not is_hl7(content):
        return
    not_taken = (ImportedRow.Outcome.REFUSED, ImportedRow.Outcome.CONFLICT)
    rows = ImportedRow.objects.filter(
        run__sha256=hashlib.sha256(content).hexdigest(), outcome__in=not_taken
    )
    found = rows.values_list("line", "record", "kind", "sentence")
    refusals = {(line, record): (kind, sentence) for line, record, kind, sentence in found}
    answer = acknowledgements(content, refusals, timezone.now())
    path.with_name(f"{path.name}.ack").write_text(answer, "utf-8", newline="")

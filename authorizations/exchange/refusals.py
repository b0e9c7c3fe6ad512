"""How a file and a row are refused: whatever reads them says it in one of these."""

from __future__ import annotations


class FileRefused(Exception):
    """The file as a whole cannot be read; the message says why and what would help."""


class RowRefused(Exception):
    """One row cannot be taken: a short kind for reports and a sentence for people."""

    def __init__(self, kind: str, sentence: str, record: str = "") -> None:
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence
        self.record = record

"""What a file is by its content, and whether it is whole: read without opening a page of it."""

from __future__ import annotations

import re

MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
TAIL = 2048  # bytes; some writers add a little after the end
SMALLEST = {"application/pdf": 200, "image/png": 57, "image/jpeg": 100, "image/tiff": 100}
PAGES = re.compile(rb"/Type\s*/(Pages?|ObjStm)\b")
TABLE = re.compile(rb"(?<!start)xref\b|/Type\s*/XRef\b")


def kind_of_file(content: bytes) -> str | None:
    """What the file is by its first bytes; None where that is no document taken here."""
    return next((kind for magic, kind in MAGIC if content.startswith(magic)), None)


def is_whole_file(content: bytes, kind: str) -> bool:
    """Whether the file has its end, and what a page of it needs."""
    if len(content) < SMALLEST[kind]:
        return False
    tail = content[-TAIL:]
    if kind == "application/pdf":
        is_ended = b"startxref" in tail and b"%%EOF" in tail
        return is_ended and bool(PAGES.search(content)) and bool(TABLE.search(content))
    if kind == "image/png":
        return content[12:16] == b"IHDR" and b"IEND" in tail
    if kind == "image/jpeg":
        return b"\xff\xd9" in tail
    first_page = int.from_bytes(content[4:8], "little" if content.startswith(b"II") else "big")
    return 8 <= first_page < len(content)

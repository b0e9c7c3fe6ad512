"""Keeping letters and proofs: by the hash of their content, outside the web root."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import User
from authorizations.actions.authorizations import Refused, prove
from authorizations.actions.disk import NotStored, store_file
from authorizations.models import ANSWERED, Document, Evidence, PriorAuthorization
from authorizations.models.evidence import DocumentKind

MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)

PROVES = {
    DocumentKind.APPROVAL_LETTER: Evidence.LETTER,
    DocumentKind.DENIAL_LETTER: Evidence.LETTER,
    DocumentKind.PORTAL_PROOF: Evidence.PORTAL,
}


def content_type(content: bytes) -> str:
    """What the file is by its first bytes, whatever its name says. Raises Refused."""
    for magic, kind in MAGIC:
        if content.startswith(magic):
            return kind
    raise Refused("This is no PDF, PNG, JPEG or TIFF. Save the letter as one of these.")


def path_of(digest: str) -> Path:
    return Path(settings.DOCUMENT_ROOT) / digest[:2] / digest


def keep(content: bytes) -> str:
    """Write the content under its hash, readable by this service only; answer the hash.

    Raises Refused where the disk takes no more.
    """
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    if not path.exists():
        try:
            store_file(path, content)
        except NotStored as error:
            raise Refused(str(error)) from error
    return digest


@transaction.atomic
def attach(*, authorization: PriorAuthorization, content: bytes, kind: str, by: User) -> Document:
    """Attach a letter or proof. Raises Refused for an unknown sort of file or a second copy."""
    found = content_type(content)
    digest = keep(content)
    try:
        with transaction.atomic():
            document = Document.objects.create(
                authorization=authorization,
                kind=kind,
                content_type=found,
                sha256=digest,
                size=len(content),
                added_by=by,
            )
    except IntegrityError as error:
        raise Refused("This file is already attached.") from error
    evidence = PROVES.get(kind)
    if evidence and is_unproved(authorization):
        prove(authorization=authorization, by=by, evidence=evidence)
    return document


def is_unproved(authorization: PriorAuthorization) -> bool:
    """Whether the payer's answer is known, but only by telephone."""
    weak = (Evidence.PHONE, Evidence.NONE)
    return authorization.status in ANSWERED and authorization.evidence in weak

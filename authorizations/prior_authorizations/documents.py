"""Keeping letters and proofs: by the hash of their content, outside the web root."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.roles import Permission, has_permission
from authorizations.exceptions import Refused
from authorizations.exchange.file_kinds import is_whole_file, kind_of_file
from authorizations.models import (
    ANSWERED,
    LINE_IN_FORCE,
    Document,
    Evidence,
    PriorAuthorization,
    Proof,
)
from authorizations.models.documents import DocumentKind
from authorizations.models.triggers.decision_evidence import PROVES_APPROVAL
from authorizations.prior_authorizations.actions import prove, write_authorization_event
from authorizations.prior_authorizations.decisions import LineAnswer
from authorizations.verdicts.judge_course import judge_course
from authorizations.web.file_store import NotStored, store_file
from authorizations.worklists.sync_tasks import in_one_pass, sync_course

PROVES: dict[str, str] = {
    DocumentKind.APPROVAL_LETTER: Evidence.LETTER,
    DocumentKind.DENIAL_LETTER: Evidence.LETTER,
    DocumentKind.PORTAL_PROOF: Evidence.PORTAL,
}


def content_type(content: bytes) -> str:
    """What the file is by its content, whatever its name says. Raises Refused."""
    kind = kind_of_file(content)
    if kind is None:
        raise Refused("This is no PDF, PNG, JPEG or TIFF. Save the letter as one of these.")
    if not is_whole_file(content, kind):
        raise Refused("This file is cut off or holds no page: save the letter again, whole.")
    return kind


def path_of(digest: str) -> Path:
    return Path(settings.DOCUMENT_ROOT) / digest[:2] / digest


def content_of(document: Document) -> bytes | None:
    """The file as it was attached; None where it is missing or is no longer the same."""
    return stored_content(document.sha256)


def stored_content(digest: str) -> bytes | None:
    """The file kept under this hash; None where it is missing or is no longer the same."""
    path = path_of(digest)
    content = path.read_bytes() if path.is_file() else None
    is_same = content is not None and hashlib.sha256(content).hexdigest() == digest
    return content if is_same else None


def store_content(content: bytes) -> str:
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
@in_one_pass()
def attach_document(
    *, authorization: PriorAuthorization, content: bytes, kind: str, by: User
) -> Document:
    """Attach a letter or proof. Raises Refused for an unreadable file or a second copy."""
    found = content_type(content)
    was_unproved = is_unproved(authorization)
    digest = store_content(content)
    try:
        with transaction.atomic():
            document: Document = Document.objects.create(
                authorization=authorization,
                kind=kind,
                content_type=found,
                sha256=digest,
                size=len(content),
                added_by=by,
            )
    except IntegrityError as error:
        raise Refused("This file is already attached.") from error
    sync_course(authorization.course_id, f"{authorization}: document attached by {by}")
    if was_unproved:
        prove_with_document(document, by)
    return document


def prove_with_document(document: Document, by: User) -> None:
    """The answer of the request rests on this document from now on, where it shows that answer."""
    evidence, is_numbered = PROVES.get(document.kind), not document.authorization.number_to_follow
    if evidence and is_numbered and may_prove(document.authorization, document.kind):
        prove(authorization=document.authorization, by=by, evidence=evidence)


def attach_letter(
    *,
    authorization: PriorAuthorization,
    content: bytes,
    evidence: str,
    answers: Sequence[LineAnswer],
    by: User,
) -> Document:
    """The document of a decision, attached in the step that writes the decision down."""
    is_approval = any(answer.decision in LINE_IN_FORCE for answer in answers)
    letter = DocumentKind.APPROVAL_LETTER if is_approval else DocumentKind.DENIAL_LETTER
    kind = DocumentKind.PORTAL_PROOF if evidence == Evidence.PORTAL else letter
    return attach_document(authorization=authorization, content=content, kind=kind, by=by)


def is_unproved(authorization: PriorAuthorization) -> bool:
    """Whether the payer's answer is known, but only by telephone or by what somebody typed."""
    weak = (Proof.PHONE, Proof.NONE, Proof.ASSERTED)
    return authorization.status in ANSWERED and authorization.proof_here in weak


def may_prove(authorization: PriorAuthorization, kind: str) -> bool:
    """Whether a document of that kind shows this answer: a letter of denial shows no approval."""
    return kind in PROVES_APPROVAL or not authorization.has_approved_line


@transaction.atomic
def enter_number(*, authorization: PriorAuthorization, number: str, by: User) -> None:
    """The number that was to follow is here; a letter attached meanwhile proves the approval now.

    Raises Refused where none is awaited, without a number, for one that is taken, and for who logs
    no authorizations where the course is treated.
    """
    fresh = PriorAuthorization.objects.select_for_update().get(pk=authorization.pk)
    if not has_permission(by, Permission.LOG_AUTHORIZATIONS, fresh.course.facility):
        raise Refused("Only who logs authorizations where the course is treated enters the number.")
    if not fresh.number_to_follow:
        raise Refused("No number is awaited: what is typed wrongly is corrected with the decision.")
    if not number.strip():
        raise Refused("Type the payer's authorization number.")
    fresh.number, fresh.number_to_follow = number.strip(), False
    try:
        with transaction.atomic():
            fresh.save(update_fields=["number", "number_to_follow"])
    except IntegrityError as error:
        raise Refused("Another request of this plan has this number: check it.") from error
    write_authorization_event(fresh, "enter_number", fresh.status, by, reason=fresh.number)
    for document in fresh.documents.order_by("pk"):
        evidence = PROVES.get(document.kind)
        if evidence and may_prove(fresh, document.kind):
            prove(authorization=fresh, by=by, evidence=evidence)
            return
    judge_course(fresh.course, by=by)

"""Uploads between preview and import: tidied up by several at once, and a disk that is full."""

from __future__ import annotations

import errno
import os
import threading
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from authorizations.imports import uploads
from authorizations.models import ImportRun, PriorAuthorization
from authorizations.web.file_store import store_file
from seeds.demo.letters import letter_as_pdf
from tests.support.treatment_pages import HEADING, line
from tests.support.treatment_pages import preview as look


@pytest.fixture
def kept(settings, tmp_path):
    settings.DOCUMENT_ROOT = tmp_path
    return tmp_path / "incoming"


@pytest.mark.django_db
def test_tidying_up_at_the_same_time_loses_no_upload(kept, monkeypatch, front_desk):
    kept.mkdir()
    old = time.time() - 2 * uploads.KEPT_SECONDS
    for number in range(20):
        path = kept / f"old-{number}"
        path.write_bytes(b"x")
        os.utime(path, (old, old))
    listed = list(kept.iterdir())
    monkeypatch.setattr(Path, "iterdir", lambda self: iter(listed))
    threads = [threading.Thread(target=uploads.tidy_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    uploads.tidy_up()
    assert not any(path.exists() for path in listed)


def test_what_is_stored_is_for_this_service_only(tmp_path):
    stored = tmp_path / "documents" / "ab" / "cdef"
    store_file(stored, b"a letter")
    assert stored.read_bytes() == b"a letter"
    assert stored.stat().st_mode & 0o777 == 0o600
    for folder in (stored.parent, stored.parent.parent):
        assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.django_db
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_full_or_locked_disk_is_answered_in_a_sentence(
    kept, monkeypatch, therapist, front_desk, course, approved, number
):
    def fails(self, *_args):
        self.touch()
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "write_bytes", fails)
    page = look(therapist, HEADING + line(course)).content.decode()
    assert "the disk of the server is full or cannot be written" in page
    sheet = SimpleUploadedFile("auths.csv", b"MRN,CPT\n1,2\n")
    answer = front_desk.post(reverse("authorization_import"), {"file": sheet})
    assert "the disk of the server is full" in answer.content.decode()
    letter = SimpleUploadedFile("letter.pdf", letter_as_pdf("A letter"))
    url = reverse("document_new", args=[PriorAuthorization.objects.get().pk])
    answer = front_desk.post(url, {"file": letter, "kind": "approval_letter"}, follow=True)
    assert "the disk of the server is full" in answer.content.decode()
    assert list(kept.parent.rglob("*.part")) == []
    assert not ImportRun.objects.exists()


@pytest.mark.django_db
def test_of_a_file_that_is_too_large_only_its_size_is_kept(kept, therapist, facility, settings):
    settings.LARGEST_UPLOAD_BYTES = 1000
    upload = SimpleUploadedFile("day.csv", b"x" * 5_000_000)
    answer = therapist.post(reverse("treatment_import"), {"files": [upload]})
    assert "This file has 5 MB" in str(answer.context["form"].errors["files"])
    good = SimpleUploadedFile("day.csv", b"y" * 1000)
    answer = therapist.post(reverse("treatment_import"), {"files": [good]})
    assert "This file has" not in str(answer.context["form"].errors["files"])

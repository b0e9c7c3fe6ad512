"""Stopping an upload that is too large while it arrives, before it fills the disk."""

from __future__ import annotations

import io
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class SizeLimit(FileUploadHandler):
    """Passes on as much of a file as may be sent; of a larger one only the size is known."""

    def new_file(self, *args: Any, **options: Any) -> None:
        """Begin to count."""
        super().new_file(*args, **options)
        self.left = settings.LARGEST_UPLOAD_BYTES

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """The chunk as far as it fits; nothing is kept beyond that."""
        fits, self.left = raw_data[: self.left], max(self.left - len(raw_data), 0)
        return fits or None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """An empty file of the true size where it is too large: the form refuses it by that."""
        if file_size <= settings.LARGEST_UPLOAD_BYTES:
            return None
        return UploadedFile(io.BytesIO(), self.file_name, self.content_type, file_size)

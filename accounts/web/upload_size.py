"""Stopping an upload that is too large while it arrives, before it fills the disk."""

from __future__ import annotations

import io

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class BoundedFileUploadHandler(TemporaryFileUploadHandler):
    """Keeps a file while it arrives, as far as it may be sent; of a larger one only the size."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep the chunk as far as it fits."""
        self.file.write(raw_data[: max(settings.LARGEST_UPLOAD_BYTES - start, 0)])

    def file_complete(self, file_size: int) -> UploadedFile:
        """The file; an empty one of its true size where it is too large: the form refuses that."""
        if file_size <= settings.LARGEST_UPLOAD_BYTES:
            return super().file_complete(file_size)
        self.file.close()
        return UploadedFile(io.BytesIO(), self.file_name, self.content_type, file_size)

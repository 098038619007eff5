"""The upload handler that refuses files that are too large."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

#: The rest of a form beside its file.
FORM_BYTES = 1 << 20


class Limited(FileUploadHandler):
    """Stands before the handlers that keep a file, and stops one that is too large at its first byte too many."""

    taken = 0

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any) -> None:
        if content_length > settings.CAPTURE_BYTES + FORM_BYTES:
            raise RequestDataTooBig("The upload is larger than what is taken as a capture.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.taken += len(raw_data)
        if self.taken > settings.CAPTURE_BYTES + FORM_BYTES:
            raise RequestDataTooBig("The upload is larger than what is taken as a capture.")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None

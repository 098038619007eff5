"""The admin of the sources app: documents and captured files."""

from sources.admin.captures import CaptureAdmin
from sources.admin.documents import SourceDocumentAdmin

__all__ = ["CaptureAdmin", "SourceDocumentAdmin"]

"""The models of the sources app: documents, the kinds of them, and captured files."""

from sources.models.capture import Capture
from sources.models.source import SourceDocument, SourceQuerySet, first_of_group
from sources.models.source_kind import SourceKind

__all__ = ["Capture", "SourceDocument", "SourceKind", "SourceQuerySet", "first_of_group"]

"""The models of the sources app."""

from sources.models.record import ALPHABET, Record, RecordQuerySet, ReferenceField, ReviewedRecord, known
from sources.models.source import SourceDocument, SourceQuerySet
from sources.models.term import SourceKind, Term

__all__ = [
    "ALPHABET",
    "Record",
    "RecordQuerySet",
    "ReferenceField",
    "ReviewedRecord",
    "SourceDocument",
    "SourceKind",
    "SourceQuerySet",
    "Term",
    "known",
]

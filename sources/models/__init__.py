"""The models of the sources app."""

from sources.models.access import BreakGlass, Clearance, Team, clearance
from sources.models.capture import Capture
from sources.models.custody import AuditEntry, Change, PresentAct
from sources.models.following import Feed, FeedKind, Visit, Watch
from sources.models.is_visible import IsVisible, Reader
from sources.models.once import Once
from sources.models.proposal import Comment, Proposal
from sources.models.record import (
    ALPHABET,
    BEYOND_THE_TEAM,
    Record,
    RecordQuerySet,
    ReferenceField,
    ReviewedRecord,
    Stale,
    is_open,
    known,
)
from sources.models.source import SourceDocument, SourceQuerySet
from sources.models.submission import Submission
from sources.models.term import SourceKind, Term
from sources.models.token import ApiToken, Scope

__all__ = [
    "ALPHABET",
    "BEYOND_THE_TEAM",
    "ApiToken",
    "AuditEntry",
    "BreakGlass",
    "Capture",
    "Change",
    "Clearance",
    "Comment",
    "Feed",
    "FeedKind",
    "IsVisible",
    "Once",
    "PresentAct",
    "Proposal",
    "Reader",
    "Record",
    "RecordQuerySet",
    "ReferenceField",
    "ReviewedRecord",
    "Scope",
    "SourceDocument",
    "SourceKind",
    "SourceQuerySet",
    "Stale",
    "Submission",
    "Team",
    "Term",
    "Visit",
    "Watch",
    "clearance",
    "is_open",
    "known",
]

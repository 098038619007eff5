"""The models of the records app, and the base classes of every record."""

from records.access.broken_glass import BreakGlass
from records.access.circles import FIRST_CIRCLE, Circle
from records.access.clearance import Clearance, circles_of, clearance, lasting_clearance
from records.access.teams import Team
from records.models.account_change import AccountChange, TwoAdministrators
from records.models.audit import AuditEntry, Change, CurrentAct
from records.models.feed import Feed, FeedKind
from records.models.is_visible import IsOfTeams, IsVisible, Reader
from records.models.lanes import (
    UNSETTLED,
    LaneField,
    below_of,
    lanes_of,
    protecting,
    records_from_above,
    settle,
    unsettle,
)
from records.models.proposal import Comment, Proposal
from records.models.record import (
    ALPHABET,
    BEYOND_THE_TEAM,
    Record,
    RecordQuerySet,
    ReferenceField,
    ReviewedRecord,
    StaleVersion,
    code_is_known,
    is_open,
)
from records.models.similar import Alike, SimilarRecord
from records.models.submission import Submission
from records.models.term import Term
from records.models.token import ApiToken, TokenScope
from records.models.visibility import (
    Protection,
    is_of_own_teams,
    lanes_read_by,
    may_read,
    names_reader,
    reads_more_than_strangers,
)
from records.models.visible_unique import VisibleUnique
from records.models.watch import Visit, Watch

__all__ = [
    "ALPHABET",
    "AccountChange",
    "Alike",
    "SimilarRecord",
    "ApiToken",
    "AuditEntry",
    "BEYOND_THE_TEAM",
    "BreakGlass",
    "Change",
    "Circle",
    "Clearance",
    "FIRST_CIRCLE",
    "circles_of",
    "Comment",
    "Feed",
    "FeedKind",
    "IsOfTeams",
    "IsVisible",
    "VisibleUnique",
    "CurrentAct",
    "Proposal",
    "Protection",
    "Reader",
    "Record",
    "RecordQuerySet",
    "ReferenceField",
    "ReviewedRecord",
    "TokenScope",
    "StaleVersion",
    "Submission",
    "Team",
    "Term",
    "TwoAdministrators",
    "Visit",
    "Watch",
    "clearance",
    "is_of_own_teams",
    "is_open",
    "LaneField",
    "UNSETTLED",
    "below_of",
    "lanes_of",
    "lanes_read_by",
    "protecting",
    "records_from_above",
    "lasting_clearance",
    "code_is_known",
    "may_read",
    "names_reader",
    "reads_more_than_strangers",
    "settle",
    "unsettle",
]

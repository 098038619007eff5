"""The admin of the sources app, and what the admin of every record is built from."""

from sources.admin.captures import CaptureAdmin
from sources.admin.dates import by_date, date_column, newest_first
from sources.admin.documents import SourceDocumentAdmin
from sources.admin.forms import KnownSelect, RecordForm, RecordFormSet
from sources.admin.glass import BreakGlassAdmin
from sources.admin.proposals import ProposalAdmin
from sources.admin.records import Link, ListAdmin, PartAdmin, RecordAdmin, RecordInline, Table, TermAdmin, count_of
from sources.admin.trail import TrailAdmin
from sources.admin.users import Accounts, Roles, Tokens

__all__ = [
    "Accounts",
    "BreakGlassAdmin",
    "CaptureAdmin",
    "KnownSelect",
    "Link",
    "ListAdmin",
    "PartAdmin",
    "ProposalAdmin",
    "RecordAdmin",
    "RecordForm",
    "RecordFormSet",
    "RecordInline",
    "Roles",
    "SourceDocumentAdmin",
    "Table",
    "TermAdmin",
    "TrailAdmin",
    "Tokens",
    "by_date",
    "count_of",
    "date_column",
    "newest_first",
]

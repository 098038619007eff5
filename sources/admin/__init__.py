"""The admin of the sources app, and what the admin of every record is built from."""

from sources.admin.dates import by_date, date_column, newest_first
from sources.admin.documents import SourceDocumentAdmin
from sources.admin.forms import KnownSelect, RecordForm, RecordFormSet
from sources.admin.records import Link, ListAdmin, PartAdmin, RecordAdmin, RecordInline, Table, TermAdmin, count_of

__all__ = [
    "KnownSelect",
    "Link",
    "ListAdmin",
    "PartAdmin",
    "RecordAdmin",
    "RecordForm",
    "RecordFormSet",
    "RecordInline",
    "SourceDocumentAdmin",
    "Table",
    "TermAdmin",
    "by_date",
    "count_of",
    "date_column",
    "newest_first",
]

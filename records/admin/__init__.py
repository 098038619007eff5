"""The admin of accounts, review and the audit trail, and the base classes of every record's admin."""

from records.admin.account_changes import AccountChangeAdmin
from records.admin.accounts import AccountAdmin, ApiTokenAdmin, RoleAdmin
from records.admin.audit_trail import TrailAdmin
from records.admin.boxes import Picker
from records.admin.broken_glass import BreakGlassAdmin
from records.admin.date_boxes import words_of_paper
from records.admin.dates import by_date, date_column, newest_first
from records.admin.forms import RecordForm, RecordFormSet
from records.admin.inlines import RecordInline
from records.admin.lines import LinesField
from records.admin.proposals import ProposalAdmin
from records.admin.records import (
    Link,
    ListAdmin,
    ListTable,
    PartAdmin,
    RecordAdmin,
    TermAdmin,
    count_of,
)

__all__ = [
    "AccountAdmin",
    "AccountChangeAdmin",
    "BreakGlassAdmin",
    "LinesField",
    "Link",
    "ListAdmin",
    "PartAdmin",
    "Picker",
    "ProposalAdmin",
    "RecordAdmin",
    "RecordForm",
    "RecordFormSet",
    "RecordInline",
    "RoleAdmin",
    "ListTable",
    "TermAdmin",
    "TrailAdmin",
    "ApiTokenAdmin",
    "by_date",
    "count_of",
    "date_column",
    "newest_first",
    "words_of_paper",
]

"""The filters of the cases app: one for each record, shared by page, API and export."""

from cases.filters.commission import CcfRequestFilter
from cases.filters.duties import DutyFilter
from cases.filters.evidence import AgreementFilter, CitationFilter, CountryListFilter, EventFilter, EvidenceFilter
from cases.filters.incidents import IncidentFilter, StageFilter
from cases.filters.notices import NoticeFilter
from cases.filters.people import PersonFilter

__all__ = [
    "AgreementFilter",
    "CcfRequestFilter",
    "CitationFilter",
    "CountryListFilter",
    "DutyFilter",
    "EventFilter",
    "EvidenceFilter",
    "IncidentFilter",
    "NoticeFilter",
    "PersonFilter",
    "StageFilter",
]

"""The codebook of the cases app: what is public of each resource, named once."""

from cases.codebook.duties import DUTIES
from cases.codebook.evidence import AGREEMENTS, CITATIONS, COUNTRIES, EVENTS, EVIDENCE
from cases.codebook.incidents import INCIDENTS, STAGES
from cases.codebook.notices import CCF_REQUESTS, NOTICES
from cases.codebook.people import PEOPLE

#: Every resource, in the order in which they are presented.
RESOURCES = (
    PEOPLE,
    INCIDENTS,
    STAGES,
    DUTIES,
    NOTICES,
    CCF_REQUESTS,
    EVIDENCE,
    CITATIONS,
    COUNTRIES,
    AGREEMENTS,
    EVENTS,
)

__all__ = [
    "AGREEMENTS",
    "CCF_REQUESTS",
    "CITATIONS",
    "COUNTRIES",
    "DUTIES",
    "EVENTS",
    "EVIDENCE",
    "INCIDENTS",
    "NOTICES",
    "PEOPLE",
    "RESOURCES",
    "STAGES",
]

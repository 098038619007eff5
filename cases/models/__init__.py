"""The models of the cases app."""

from cases.models.agreement import Agreement, Event, Ratification
from cases.models.citation import CITABLE, Citation, citable_fields
from cases.models.country import Country
from cases.models.incident import Incident, Involvement, over_by
from cases.models.notice import Notice, NoticeEvent, with_state
from cases.models.person import LegalStatus, Person, PersonDetail, PersonName, Relationship
from cases.models.sequence import Oddity, odd_steps
from cases.models.stage import Stage, with_standing
from cases.models.terms import (
    DetentionKind,
    LegalStatusKind,
    Outcome,
    PerpetratorKind,
    Tactic,
    TargetCategory,
)

__all__ = [
    "CITABLE",
    "Agreement",
    "Citation",
    "Country",
    "DetentionKind",
    "Event",
    "Incident",
    "Involvement",
    "LegalStatus",
    "LegalStatusKind",
    "Notice",
    "NoticeEvent",
    "Oddity",
    "Outcome",
    "PerpetratorKind",
    "Person",
    "PersonDetail",
    "PersonName",
    "Ratification",
    "Relationship",
    "Stage",
    "Tactic",
    "TargetCategory",
    "citable_fields",
    "over_by",
    "odd_steps",
    "with_standing",
    "with_state",
]

"""The closed lists of the cases app: enumerations in code, each member with its meaning and its label."""

from cases.vocabulary.commission import CcfKind, CcfOutcome, CcfState, ClockStart, ClockUnit
from cases.vocabulary.duties import DutyKind, Rhythm
from cases.vocabulary.evidence import (
    Accusation,
    AgreementKind,
    Instrument,
    NoticeState,
    RatificationState,
    Stance,
)
from cases.vocabulary.incidents import (
    ActorConfidence,
    Attribution,
    IncidentStatus,
    InvolvementRole,
    Phase,
    Scope,
    StageKind,
    Step,
    TacticFamily,
)
from cases.vocabulary.people import (
    DetailKind,
    NameKind,
    OtherRole,
    PersonKind,
    RelationKind,
    RelationshipKind,
    Sex,
    Standing,
)

__all__ = [
    "Accusation",
    "ActorConfidence",
    "AgreementKind",
    "Attribution",
    "CcfKind",
    "CcfOutcome",
    "CcfState",
    "ClockStart",
    "ClockUnit",
    "DetailKind",
    "DutyKind",
    "IncidentStatus",
    "Instrument",
    "InvolvementRole",
    "NameKind",
    "NoticeState",
    "OtherRole",
    "PersonKind",
    "Phase",
    "RatificationState",
    "RelationKind",
    "RelationshipKind",
    "Rhythm",
    "Scope",
    "Sex",
    "StageKind",
    "Stance",
    "Standing",
    "Step",
    "TacticFamily",
]

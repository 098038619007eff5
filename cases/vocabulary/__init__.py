"""The closed lists of the cases app: enumerations in code, each member with its meaning and its label."""

from cases.vocabulary.commission import CcfKind, CcfOutcome, CcfState, ClockStart, ClockUnit
from cases.vocabulary.counting import Counted, Counting, CountingCondition
from cases.vocabulary.duties import DutyKind, Rhythm
from cases.vocabulary.evidence import (
    Accusation,
    AgreementKind,
    Instrument,
    NoticeState,
    RatificationState,
    Stance,
)
from cases.vocabulary.incident_parts import ActorPart, CountryPart, DemandChannel, DemandKind, OfficialAnswer
from cases.vocabulary.incidents import (
    ActorConfidence,
    Attribution,
    CaseStatus,
    InvolvementRole,
    Scope,
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
from cases.vocabulary.stages import Phase, StageKind
from cases.vocabulary.tracks import (
    DeathCause,
    Fate,
    HostPart,
    Lawfulness,
    Liberty,
    Matter,
    Step,
    Track,
)

__all__ = [
    "Accusation",
    "ActorConfidence",
    "ActorPart",
    "AgreementKind",
    "Attribution",
    "CaseStatus",
    "CcfKind",
    "CcfOutcome",
    "CcfState",
    "ClockStart",
    "ClockUnit",
    "Counted",
    "Counting",
    "CountingCondition",
    "CountryPart",
    "DeathCause",
    "DemandChannel",
    "DemandKind",
    "DetailKind",
    "DutyKind",
    "Fate",
    "HostPart",
    "Instrument",
    "InvolvementRole",
    "Lawfulness",
    "Liberty",
    "Matter",
    "NameKind",
    "NoticeState",
    "OfficialAnswer",
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
    "Track",
]

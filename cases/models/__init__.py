"""The models of the cases app."""

from cases.models.agreement import Agreement, Event, Ratification
from cases.models.citation import CITABLE, Citation, Target, citable_fields, record_ref, target_of
from cases.models.commission import CcfEvent, CcfRequest, ClockRule
from cases.models.country import Country
from cases.models.country_key import CountryKey
from cases.models.duty import Duty
from cases.models.incident import Incident, Involvement
from cases.models.incident_parts import IN_ORDER_OF_TACTICS, Actor, Demand, IncidentCountry, TacticUsed
from cases.models.last_sign import StoredLastSign
from cases.models.notice import Notice, NoticeEvent, Warrant
from cases.models.on_days import Tense
from cases.models.person import LegalStatus, Person, PersonDetail, PersonName, Relationship
from cases.models.silence import SilenceThreshold
from cases.models.situation import StoredSituation, UnstoredIncident
from cases.models.stage import Stage
from cases.models.stored_life import StoredLife, UnstoredNotice
from cases.models.terms import (
    DetentionKind,
    LegalStatusKind,
    Outcome,
    PerpetratorKind,
    Tactic,
    TargetCategory,
)
from cases.models.told_case import ToldCase, ToldProcedure
from cases.models.unstored import UnstoredReason
from cases.situation.odd_order import OddOrder, odd_steps

__all__ = [
    "CITABLE",
    "IN_ORDER_OF_TACTICS",
    "Actor",
    "Agreement",
    "CcfEvent",
    "CcfRequest",
    "Citation",
    "ClockRule",
    "Country",
    "CountryKey",
    "Demand",
    "DetentionKind",
    "Duty",
    "Event",
    "Incident",
    "IncidentCountry",
    "Involvement",
    "LegalStatus",
    "LegalStatusKind",
    "Notice",
    "NoticeEvent",
    "OddOrder",
    "Outcome",
    "PerpetratorKind",
    "Person",
    "PersonDetail",
    "PersonName",
    "Ratification",
    "Relationship",
    "SilenceThreshold",
    "Stage",
    "StoredLastSign",
    "StoredLife",
    "StoredSituation",
    "Tactic",
    "TacticUsed",
    "Target",
    "TargetCategory",
    "Tense",
    "ToldCase",
    "ToldProcedure",
    "UnstoredIncident",
    "UnstoredNotice",
    "UnstoredReason",
    "Warrant",
    "citable_fields",
    "record_ref",
    "odd_steps",
    "target_of",
]

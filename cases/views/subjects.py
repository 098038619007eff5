"""The record that a citation is about: its name and its page."""

from __future__ import annotations

from typing import Any

from cases.models import (
    CITABLE,
    Actor,
    CcfEvent,
    CcfRequest,
    Demand,
    Duty,
    IncidentCountry,
    Involvement,
    LegalStatus,
    NoticeEvent,
    PersonDetail,
    PersonName,
    Ratification,
    Relationship,
    Stage,
    TacticUsed,
    Warrant,
)
from cases.views.links import Item, page_of
from cases.vocabulary import CcfState, NoticeState, StageKind
from sources.models import SourceDocument

#: What must be fetched with a citation so that `subject` asks the database nothing more.
WITH_PARENTS = (
    *CITABLE,
    "person_name__person",
    "person_detail__person",
    "legal_status__person",
    "legal_status__kind",
    "relationship__person",
    "relationship__relative",
    "incident_country__incident",
    "incident_country__country",
    "tactic_used__incident",
    "tactic_used__tactic",
    "actor__incident",
    "demand__involvement__person",
    "demand__incident",
    "involvement__person",
    "involvement__incident",
    "stage__involvement__person",
    "stage__incident",
    "notice__person",
    "notice_event__notice__person",
    "warrant__notice__person",
    "duty__involvement__person",
    "ccf_request__notice__person",
    "ccf_event__request__notice__person",
    "ratification__agreement",
    "ratification__country",
)


def subject(record: Any) -> Item:
    """Return what a record is called and where it is shown; a part of a record is shown on that record's page."""
    match record:
        case PersonName():
            return _part("person", record.person, record, f"{record.person.label}: the name {record.text}")
        case PersonDetail():
            return _part("person", record.person, record, f"{record.person.label}: {record.get_kind_display()}")
        case LegalStatus():
            return _part("person", record.person, record, f"{record.person.label}: {record.kind.label.lower()}")
        case Relationship():
            text = f"{record.relative.label}, {record.reads} {record.person.label}"
            return _part("person", record.person, record, text)
        case IncidentCountry():
            text = f"{record.incident.title}: {record.country.name}, {record.get_part_display()}"
            return _fact("incident", record.incident, text)
        case TacticUsed():
            return _fact("incident", record.incident, f"{record.incident.title}: {record.tactic.label.lower()}")
        case Actor():
            return _part("incident", record.incident, record, f"{record.incident.title}: {record.words}")
        case Demand():
            text = f"{record.involvement.person.label}: asked {record.get_kind_display()}"
            return _part("incident", record.incident, record, text)
        case Involvement():
            text = f"{record.person.label} ({record.get_role_display()}): {record.incident.title}"
            return _part("incident", record.incident, record, text)
        case Stage():
            text = f"{record.involvement.person.label}: {StageKind(record.kind).label}"
            return _part("incident", record.incident, record, text)
        case NoticeEvent():
            text = f"{record.notice.person.label}: notice {NoticeState(record.state).label}"
            return _part("notice", record.notice, record, text)
        case Warrant():
            text = f"{record.notice.person.label}: warrant behind a notice"
            return _part("notice", record.notice, record, text)
        case Duty():
            text = f"{record.involvement.person.label}: {record.get_kind_display()}"
            return Item(text, page_of("duty", record.ref))
        case CcfRequest():
            return Item(_asked(record), page_of("ccf-request", record.ref))
        case CcfEvent():
            return _part(
                "ccf-request", record.request, record, f"{_asked(record.request)}: {CcfState(record.state).label}"
            )
        case Ratification():
            return _part("agreement", record.agreement, record, f"{record.agreement.title}: {record.country.name}")
    return _whole(record)


def _asked(request: CcfRequest) -> str:
    return f"{request.notice.person.label}: request to Interpol's commission ({request.get_kind_display()})"


def _part(name: str, whole: Any, part: Any, text: str) -> Item:
    return Item(text, f"{page_of(name, whole.ref)}#{part.ref}")


def _fact(name: str, whole: Any, text: str) -> Item:
    """Return a part that stands among the facts of its record."""
    return Item(text, f"{page_of(name, whole.ref)}#facts")


def _whole(record: Any) -> Item:
    name = "source" if isinstance(record, SourceDocument) else type(record).__name__.lower()
    if name == "notice":
        return Item(f"{record.get_instrument_display()} against {record.person.label}", page_of(name, record.ref))
    return Item(getattr(record, "label", "") or record.title, page_of(name, record.ref))

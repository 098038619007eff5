"""The list of incidents, and the page of one incident."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cases.codebook import INCIDENTS, NOTICES
from cases.codebook.incidents import citations_of
from cases.duties.deadlines import deadlines
from cases.duties.pages import resting_on, what_comes_next
from cases.models import Incident
from cases.situation.cited import independent
from cases.situation.counted import counted_people
from cases.situation.sentence import where_it_stands
from cases.views.chronology import chronology, country_names, is_case, stages_with_terms, where
from cases.views.cited_sources import cited_sources
from cases.views.evidence import Evidence, Fact, Item, known_and_not
from cases.views.links import country_item, open_term, term
from cases.views.notices import notice_row, parts_of
from cases.vocabulary import ActorConfidence, Attribution, InvolvementRole, Scope
from records.current_day import current_day
from records.lists.pages import DetailPage, Export, ListPage


@dataclass(frozen=True)
class IncidentRow:
    """An incident in a list: what, between which states, and where each person's case stands."""

    incident: Incident
    scope: Scope
    tactics: list[str]
    origin: str
    host: str
    people: list[tuple[str, str, str]]
    sources: int


def subjects(incident: Any) -> list[Any]:
    """The involvements of the people to whom the incident happened."""
    return [row for row in incident.visible_involvements if row.role == InvolvementRole.SUBJECT]


def incident_row(incident: Any, countries: dict[str, str]) -> IncidentRow:
    return IncidentRow(
        incident=incident,
        scope=Scope(incident.scope),
        tactics=[tactic.label for tactic in incident.tactics.all()],
        origin=countries.get(incident.origin_id, incident.origin_id),
        host=countries.get(incident.host_id, ""),
        people=[(where_it_stands(row, countries), row.person.label, row.person.ref) for row in subjects(incident)],
        sources=independent(citations_of(incident)),
    )


class IncidentsList(ListPage):
    resource = INCIDENTS
    template_name = "cases/incidents.html"
    columns = (
        ("title", "Incident"),
        ("start", "Began"),
        ("origin", "State behind it"),
        ("host", "Host"),
        ("", "People, and where each stands"),
        ("", "#Independent sources"),
    )

    def rows(self, records: list[Any], user: Any) -> list[IncidentRow]:
        countries = country_names()
        return [incident_row(incident, countries) for incident in records]


class IncidentsExport(Export):
    resource = INCIDENTS


class IncidentPage(DetailPage):
    resource = INCIDENTS
    template_name = "cases/incident.html"

    def context(self, record: Any, user: Any) -> dict[str, Any]:
        involved = record.visible_involvements
        by_involvement = stages_with_terms(involved)
        people = [row.person_id for row in subjects(record)]
        notices = list(NOTICES.rows_at(user, self.moment.as_of).filter(person__in=people))
        noticed = [part for notice in notices for part in parts_of(notice)]
        countries, today, subject_rows = country_names(), current_day(), subjects(record)
        coming = deadlines(user, today, involvements=subject_rows) if self.moment.as_of is None else []
        cited = [record, *involved, *by_involvement, *notices, *noticed, *resting_on(coming)]
        evidence = Evidence(user, cited)
        return {
            "coming": what_comes_next(coming, evidence, today),
            "naming": len(subject_rows) > 1,
            "cases": chronology(involved, evidence, countries),
            "others": [(row, evidence.of(row)) for row in involved if not is_case(row)],
            "notices": [notice_row(notice, countries, evidence) for notice in notices],
            "summary_proof": evidence.of(record, "summary", "title"),
            "used": cited_sources(evidence.of_all([record, *involved, *by_involvement]), user),
            **known_and_not(incident_facts(record, evidence, countries)),
        }


def counting_words(incident: Any) -> list[str]:
    """Return whether Freedom House would count what happened, and why; of several people by name."""
    found = counted_people(incident)
    named = len(found) > 1
    return [
        f"{f'{each.person.label}: ' if named else ''}{each.verdict.value.label}, {each.verdict.reason}"
        for each in found
    ]


def incident_facts(incident: Any, evidence: Evidence, countries: dict[str, str]) -> list[Fact]:
    """Return what is known of the incident, fact by fact."""
    place = where(incident.place, incident.location_id, countries)
    confidence = term(ActorConfidence(incident.actor_confidence)) if incident.actor_confidence else ""
    return [
        evidence.fact("State behind it", incident, "origin", country_item(incident.origin_id, countries)),
        evidence.fact("Tied to it", incident, "attribution", term(Attribution(incident.attribution))),
        Fact("Host", [host] if (host := country_item(incident.host_id, countries)) else []),
        Fact("Where", [Item(place)] if place else [], evidence.of(incident, "place", "location")),
        evidence.fact("Began", incident, "start"),
        evidence.fact("Ended", incident, "end"),
        evidence.fact("Scope", incident, "scope", term(Scope(incident.scope))),
        evidence.fact("Tactics", incident, "tactics", [open_term(tactic) for tactic in incident.tactics.all()]),
        Fact("Freedom House would count it", [Item(words) for words in counting_words(incident)]),
        evidence.fact("Legal basis", incident, "legal_basis"),
        evidence.fact("Actor, as alleged", incident, "actor"),
        evidence.fact("Kind of actor", incident, "actor_kind", open_term(incident.actor_kind) or ""),
        evidence.fact("How sure that is", incident, "actor_confidence", confidence),
    ]
